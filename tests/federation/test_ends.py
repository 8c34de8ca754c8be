"""What is taken back, left or ended on one side is so on the other, said by whom it concerns."""

from typing import Any

import pytest

from rse.federation import admin, share
from rse.federation.io import delivery
from rse.federation.io.models import REJECTED, FedIn, FedObject, Partner, Share, Tombstone
from rse.federation.names import object_uri
from rse.feed import actions as feed
from rse.feed.models import Comment, Post
from rse.identity import people
from rse.identity.models import Person
from rse.kernel.ids import to_public
from rse.kernel.jobs import drain
from rse.realtime.hub import hub
from rse.realtime.topics import topic_of
from rse.spaces import actions as spaces
from rse.spaces.models import JOINED, Membership, Space
from tests import make
from tests.federation.conftest import befriend, shared_space
from tests.federation.listener import Listener
from tests.federation.peer import Peer
from tests.web_client import Browser


async def said(peer: Peer, kind: str, what: Any, **changes: Any) -> dict[str, Any]:
    """An activity of the peer that was taken and applied."""
    activity = peer.activity(kind, what, **changes)
    reply = await peer.post(activity)
    assert reply.status == 202, reply.body
    await drain()
    return activity


def tombstone(note: dict[str, Any]) -> dict[str, Any]:
    return {"id": note["id"], "type": "Tombstone", "formerType": "Note"}


def undone(deletion: dict[str, Any]) -> dict[str, Any]:
    return {"id": deletion["id"], "type": "Delete", "object": deletion["object"]["id"]}


async def test_a_post_and_a_comment_deleted_by_a_partner_come_back_when_that_is_undone(
    peer: Peer,
) -> None:
    note = peer.note()
    await said(peer, "Create", note)
    answer = peer.note(inReplyTo=note["id"], content="<p>And more</p>")
    await said(peer, "Create", answer)
    for thing, model in ((answer, Comment), (note, Post)):
        deletion = await said(peer, "Delete", tombstone(thing))
        assert (await model.get(uri=thing["id"])).deleted_at is not None
        await said(peer, "Undo", undone(deletion))
        assert (await model.get(uri=thing["id"])).deleted_at is None
        assert not await Tombstone.filter(uri=thing["id"]).exists()
    # It is theirs as before: they may edit it, and delete it again.
    await said(peer, "Update", note | {"content": "<p>Anew</p>", "updated": "2199-01-01T00:00:00Z"})
    assert "Anew" in (await Post.get(uri=note["id"])).html
    assert (await Post.get(uri=note["id"])).comment_count == 1
    await said(peer, "Delete", tombstone(note))
    assert (await Post.get(uri=note["id"])).deleted_at is not None


async def test_what_was_deleted_before_it_came_comes_after_all(peer: Peer) -> None:
    note = peer.note()
    deletion = await said(peer, "Delete", tombstone(note))
    await said(peer, "Undo", undone(deletion))
    await said(peer, "Create", note)
    assert await Post.filter(uri=note["id"], deleted_at=None).exists()
    assert await FedObject.filter(uri=note["id"]).count() == 1


async def test_nobody_else_brings_back_what_somebody_deleted(peer: Peer) -> None:
    note = peer.note()
    await said(peer, "Create", note)
    deletion = await said(peer, "Delete", tombstone(note))
    colleague = await peer.post(peer.activity("Undo", undone(deletion), by="ana"))
    other = Peer(peer.address, peer.target, origin="https://cendra.example")
    await shared_space(other, await befriend(other, "Cendra"), "Other project")
    foreign = await other.post(other.activity("Undo", undone(deletion)))
    assert (colleague.status, foreign.status) == (403, 400)
    await drain()
    assert (await Post.get(uri=note["id"])).deleted_at is not None


async def test_our_restored_post_is_said_to_stand_again(listener: Listener) -> None:
    writer = await Person.filter(uri__isnull=True).order_by("id").get()
    post = await make.post(writer, await Space.get(name="Joint project"), body="Here")
    await feed.delete(writer, post.id)
    await drain()
    await feed.restore(writer, post.id)
    await drain()
    await delivery.deliver((await Partner.get(origin=listener.peer.origin)).id)
    deletion, undo, create = [a for a in listener.activities if a["audience"]][-3:]
    assert (deletion["type"], undo["type"], create["type"]) == ("Delete", "Undo", "Create")
    uri = object_uri("posts", post.id)
    assert undo["object"] == {"id": deletion["id"], "type": "Delete", "object": uri}
    assert create["object"]["id"] == uri


async def test_somebody_who_left_their_company_is_gone_from_every_space_here(
    peer: Peer, partner: Partner
) -> None:
    note = peer.note()
    await said(peer, "Create", note)
    card = peer.person()
    leaving = {"id": card["id"], "type": "Tombstone", "formerType": "Person"}
    await said(peer, "Delete", leaving, audience=None, to=[])
    rui = await Person.get(uri=card["id"])
    assert (rui.status, rui.display_name) == ("deactivated", "Rui Valadares")
    assert not await Membership.filter(person_id=rui.id, status=JOINED).exists()
    assert await Post.filter(uri=note["id"], deleted_at=None).exists()
    await peer.post(peer.activity("Join", peer.group))
    await peer.post(peer.create())
    await drain()
    assert await Post.filter(author_id=rui.id).count() == 1

    await said(peer, "Update", card, audience=None, to=[])
    assert (await Person.get(uri=card["id"])).is_active
    await said(peer, "Join", peer.group)
    await said(peer, "Create", peer.note())
    assert await Post.filter(author_id=rui.id).count() == 2


async def test_a_company_speaks_of_the_leaving_of_its_own_people_alone(
    peer: Peer, colleague: Person
) -> None:
    ours = object_uri("people", colleague.id)
    for uri in (peer.person("ana")["id"], ours):
        gone = {"id": uri, "type": "Tombstone", "formerType": "Person"}
        reply = await peer.post(peer.activity("Delete", gone, audience=None, to=[]))
        assert reply.status in {400, 403}
    assert await Person.filter(status="deactivated").count() == 0


async def test_partners_learn_that_one_of_ours_left_and_came_back(listener: Listener) -> None:
    space = await Space.get(name="Joint project")
    member = await make.member(space)
    await make.post(member, space, body="Here")
    await drain()
    await people.deactivate(member.id, "admin")
    await drain()
    await people.reactivate(member.id, "admin")
    await drain()
    await delivery.deliver((await Partner.get(origin=listener.peer.origin)).id)
    uri = object_uri("people", member.id)
    about = [a for a in listener.activities if a["object"] == uri or _id(a["object"]) == uri]
    assert [(a["type"], a["object"]["type"]) for a in about] == [
        ("Delete", "Tombstone"),
        ("Update", "Person"),
    ]


def _id(thing: Any) -> Any:
    return thing["id"] if isinstance(thing, dict) else thing


async def test_a_mirror_that_closes_is_asked_for_again_at_the_commit(
    peer: Peer, partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = f"{peer.origin}/fed/spaces/1"
    mirror = await Space.create(
        name="Theirs", search_name="theirs", uri=group, organisation_id=partner.organisation_id
    )
    guest = await Share.create(
        partner=partner, hosted_by_us=False, space_id=mirror.id, group_uri=group,
        group_name="Theirs", invite_uri=f"{peer.origin}/fed/activities/i", state="active",
    )  # fmt: skip
    asked: list[str] = []
    monkeypatch.setattr(hub, "recheck_now", lambda topic, _person: asked.append(topic))
    await share.end(guest.id)
    assert asked == [topic_of("space", mirror.id)]


@pytest.mark.parametrize("state", ["suspended", "terminated"])
async def test_what_a_partner_says_of_its_side_is_known_at_once(
    peer: Peer, partner: Partner, state: str
) -> None:
    about = {"id": f"{peer.origin}/fed/partnerships/p1", "type": "Partnership", "state": state}
    activity = peer.activity("Update", about, actor=peer.actor)
    activity = {k: v for k, v in activity.items() if k not in {"audience", "to"}}
    assert (await peer.post(activity)).status == 202
    await drain()
    known = await Partner.get(id=partner.id)
    assert known.said_of_us == state
    # Suspending is theirs alone; an end is an end for both.
    assert known.state == ("active" if state == "suspended" else "terminated")
    assert await Share.filter(state="active").exists() == (state == "suspended")
    assert (await peer.post(peer.create())).status == (202 if state == "suspended" else 403)


async def test_a_stranger_person_or_another_partnership_ends_nothing(
    peer: Peer, partner: Partner
) -> None:
    other = {"id": f"{peer.origin}/fed/partnerships/p0", "type": "Partnership",
             "state": "terminated"}  # fmt: skip
    mine = other | {"id": f"{peer.origin}/fed/partnerships/p1"}
    for said_by in (
        peer.activity("Update", other, actor=peer.actor),
        peer.activity("Update", mine),
    ):
        assert (await peer.post(said_by)).status == 403
    assert (await Partner.get(id=partner.id)).state == "active"


@pytest.mark.parametrize("end", [admin.suspend, admin.terminate])
async def test_a_partner_is_told_that_we_suspended_or_ended_it(
    listener: Listener, end: Any
) -> None:
    partner = await Partner.get(origin=listener.peer.origin)
    writer = await Person.filter(uri__isnull=True).order_by("id").get()
    await end(partner.id, writer.id)
    await make.post(writer, await Space.get(name="Joint project"), body="Meanwhile")
    await drain()
    assert partner.id in await delivery.due_partners()
    await delivery.deliver(partner.id)
    [told] = listener.activities
    state = (await Partner.get(id=partner.id)).state
    assert told["object"] == {
        "id": f"{listener.peer.target}/fed/partnerships/p1", "type": "Partnership", "state": state,
    }  # fmt: skip
    assert await delivery.due_partners() == []


async def test_whom_a_moderator_took_out_is_not_let_in_by_their_company(
    peer: Peer, colleague: Person, browser: Browser
) -> None:
    owner = await make.account()
    space = await Space.get(name="Joint project")
    await spaces.admit(space.id, owner.person_id, "owner")
    rui = await Person.get(uri=peer.person()["id"])
    await browser.sign_in(owner)
    members = f"/spaces/{to_public(space.id)}/members"
    await browser.post(f"{members}/{to_public(rui.id)}/removal", {})

    inside = Membership.filter(space_id=space.id, person_id=rui.id, status=JOINED)
    for kind in ("Join", "Leave", "Join"):
        await said(peer, kind, peer.group)
        assert not await inside.exists()
    await said(peer, "Create", peer.note())
    assert await Post.filter(author_id=rui.id).count() == 0
    assert await FedIn.filter(state=REJECTED).count() == 3

    page = await browser.text(members)
    assert "Let Rui Valadares back in" in page
    await browser.post(f"{members}/{to_public(rui.id)}/return", {})
    assert await inside.exists()
    await said(peer, "Leave", peer.group)
    await said(peer, "Join", peer.group)
    assert await inside.exists()
