"""Proven partners who want too much: others' words and spaces, odd order, our own errors."""

from typing import Any

import pytest

from rse.federation import admin, registry, share
from rse.federation.io import apply
from rse.federation.io.models import APPLIED, DEFERRED, REJECTED, FedIn, FedObject, Partner, Share
from rse.federation.names import object_uri, person_uri
from rse.federation.types import Incoming
from rse.feed.models import Comment, Post, Reaction
from rse.identity.models import Person
from rse.kernel import clock
from rse.kernel.jobs import drain
from rse.spaces.models import Space
from tests import make
from tests.federation.conftest import Unchanged, befriend, changed_since, shared_space, snapshot
from tests.federation.peer import Peer, chain_after


async def posted(peer: Peer, **changes: Any) -> dict[str, Any]:
    """A note of the peer's Rui that has been applied."""
    activity = peer.create(**changes)
    reply = await peer.post(activity)
    assert reply.status == 202, reply.body
    await drain()
    note: dict[str, Any] = activity["object"]
    return note


async def our_post(peer: Peer, colleague: Person, text: str = "Ours") -> Post:
    space = await Space.get(id=(await Share.get(group_uri=peer.group)).space_id)
    return await make.post(colleague, space, body=text)


def tombstone(note: dict[str, Any]) -> dict[str, Any]:
    return {"id": note["id"], "type": "Tombstone", "formerType": "Note"}


async def test_a_partners_post_comment_reaction_edit_and_delete_arrive(
    peer: Peer, colleague: Person
) -> None:
    note = await posted(peer)
    post = await Post.get(uri=note["id"]).select_related("author__organisation")
    assert post.author.display_name == "Rui Valadares"
    assert post.author.organisation.name == "Brumelis"

    answer = await posted(peer, inReplyTo=note["id"], content="<p>And more</p>")
    assert await Comment.filter(uri=answer["id"], post_id=post.id).exists()

    like = peer.activity("Like", note["id"], content="🎉")
    await peer.post(like)
    await drain()
    assert await Reaction.filter(target_id=post.id, emoji="🎉").count() == 1

    edited = note | {"content": "<p>Good evening</p>", "updated": "2199-01-01T00:00:00Z"}
    await peer.post(peer.activity("Update", edited))
    await drain()
    assert "Good evening" in (await Post.get(id=post.id)).html

    undo = {"id": like["id"], "type": "Like", "object": note["id"]}
    await peer.post(peer.activity("Undo", undo))
    await peer.post(peer.activity("Delete", tombstone(note)))
    await drain()
    assert await Reaction.filter(target_id=post.id).count() == 0
    assert (await Post.get(id=post.id)).deleted_at is not None
    assert await FedIn.exclude(state=APPLIED).count() == 0


@pytest.mark.parametrize("kind", ["Update", "Delete", "Undo"])
async def test_h17_nobody_changes_what_a_colleague_wrote(
    peer: Peer, kind: str, outbound: list[str]
) -> None:
    note = await posted(peer)
    like = peer.activity("Like", note["id"], content="🎉")
    await peer.post(like)
    await drain()
    what: dict[str, Any] = {
        "Update": note | {"attributedTo": peer.person("ana")["id"], "content": "<p>Mine</p>"},
        "Delete": tombstone(note),
        "Undo": {"id": like["id"], "type": "Like", "object": note["id"]},
    }[kind]
    before = await snapshot()
    reply = await peer.post(peer.activity(kind, what, by="ana"))
    assert reply.status == 403
    assert await changed_since(before) == set()
    assert outbound == []


@pytest.mark.parametrize("kind", ["Update", "Delete"])
@pytest.mark.parametrize("whose", ["ours", "another partner's"])
async def test_h17_nobody_changes_another_companys_words(
    peer: Peer, colleague: Person, kind: str, whose: str
) -> None:
    if whose == "ours":
        uri = object_uri("posts", (await our_post(peer, colleague)).id)
    else:
        other = Peer(peer.address, peer.target, origin="https://cendra.example")
        await shared_space(other, await befriend(other, "Cendra"), "Other project")
        uri = (await posted(other))["id"]
    note = peer.note() | {"id": uri, "content": "<p>Defaced</p>"}
    before = await snapshot()
    reply = await peer.post(peer.activity(kind, note if kind == "Update" else tombstone(note)))
    assert reply.status in (400, 403)
    assert await changed_since(before) == set()


async def test_h18_what_was_deleted_never_comes_back(peer: Peer) -> None:
    note = await posted(peer)
    await peer.post(peer.activity("Delete", tombstone(note)))
    await drain()
    before = await snapshot()
    reply = await peer.post(peer.activity("Create", note))
    assert reply.json() == {"result": "duplicate"}
    assert await changed_since(before) == {"fed_seen_signature"}


async def test_h18_a_delete_before_its_create_is_remembered(peer: Peer) -> None:
    note = peer.note()
    assert (await peer.post(peer.activity("Delete", tombstone(note)))).status == 202
    await drain()
    assert (await peer.post(peer.activity("Create", note))).json() == {"result": "duplicate"}
    await drain()
    assert await Post.all().count() == 0


async def test_h18_an_undo_before_its_object_waits_and_is_dropped_after_a_day(peer: Peer) -> None:
    undo = {"id": f"{peer.origin}/fed/activities/late", "type": "Like"}
    activity = peer.activity("Undo", undo)
    assert (await peer.post(activity)).status == 202
    await drain()
    row = await FedIn.get(activity_id=activity["id"])
    assert row.state == DEFERRED
    clock.shift(apply.WAIT_FOR_PARENT * 1.1)
    await apply.retry_waiting()
    assert (await FedIn.get(id=row.id)).state == REJECTED


async def test_a_comment_waits_for_its_post_and_is_applied_when_it_comes(peer: Peer) -> None:
    note = peer.note()
    answer = peer.note(inReplyTo=note["id"])
    assert (await peer.post(peer.activity("Create", answer))).status == 202
    await drain()
    assert await Comment.all().count() == 0
    await peer.post(peer.activity("Create", note))
    await drain()
    assert await Comment.filter(uri=answer["id"]).count() == 1


async def test_h21_a_space_that_is_not_shared_with_this_partner_is_closed(
    peer: Peer, colleague: Person
) -> None:
    other = Peer(peer.address, peer.target, origin="https://cendra.example")
    await shared_space(other, await befriend(other, "Cendra"), "Other project")
    private = await make.space(colleague, "Ours")
    before = await snapshot()
    for group in (other.group, object_uri("spaces", private.id), f"{peer.origin}/fed/spaces/1"):
        note = peer.note(audience=group)
        for activity in (
            peer.activity("Create", note, audience=group),
            peer.activity("Join", group, audience=group),
            peer.activity("Like", note["id"], audience=group),
        ):
            assert (await peer.post(activity)).status == 403
        read = await peer.get(f"/fed/spaces/{group.rsplit('/', 1)[1]}")
        assert read.status == 404
    assert await changed_since(before) == set()


async def test_h21_a_share_ends_in_the_same_moment_for_writing_and_reading(
    peer: Peer, partner: Partner, colleague: Person
) -> None:
    post = await our_post(peer, colleague)
    path = object_uri("posts", post.id).removeprefix(peer.target)
    assert (await peer.get(path)).status == 200
    late = peer.create()
    assert (await peer.post(late)).status == 202
    shared = await Share.get(partner_id=partner.id)
    await share.end(shared.id)
    assert (await peer.post(peer.create())).status == 403
    assert (await peer.get(path)).status == 404
    await drain()
    # It arrived before, but was to be applied after.
    assert (await FedIn.get(activity_id=late["id"])).state == REJECTED
    assert await Post.filter(uri=late["object"]["id"]).count() == 0


async def test_h22_nobody_but_the_persons_own_company_moves_a_person(
    peer: Peer, colleague: Person, unchanged: Unchanged
) -> None:
    other = {"id": "https://cendra.example/fed/people/9", "type": "Person", "name": "Ilse"}
    ours = {"id": person_uri(colleague), "type": "Person", "name": "Taken over"}
    for kind in ("Join", "Leave"):
        for person in (other, ours):
            reply = await peer.post(peer.activity(kind, peer.group, actor=person))
            assert reply.status == 403
    await unchanged()


async def test_h23_reactions_and_answers_stay_inside_the_shared_space(
    peer: Peer, colleague: Person
) -> None:
    private = await make.space(colleague, "Ours")
    hidden = object_uri("posts", (await make.post(colleague, private)).id)
    missing = f"{peer.target}/fed/posts/0000000000001"
    before = await snapshot()
    for uri in (hidden, missing, "https://cendra.example/fed/posts/1"):
        replies = [
            await peer.post(peer.activity("Like", uri, content="🎉")),
            await peer.post(peer.create(inReplyTo=uri)),
        ]
        # One answer, so that nothing can be found out about what is hidden.
        assert {(r.status, r.body) for r in replies[:1]} == {(403, replies[0].body)}
        assert [r.status for r in replies] == [403, 403]
    assert await changed_since(before) == set()


async def test_h24_a_profile_cannot_dress_up_as_ours(peer: Peer, colleague: Person) -> None:
    person = peer.person() | {
        "name": f"\u202e{colleague.display_name}\u200b<script>",
        "badge": "internal",
        "role": "admin",
        "preferredUsername": colleague.handle,
    }
    assert (await peer.post(peer.create() | {"actor": person})).status == 202
    await drain()
    met = await Person.get(uri=person["id"]).select_related("organisation")
    assert met.id != colleague.id
    assert met.organisation.name == "Brumelis"
    assert "\u202e" not in met.display_name


async def test_h25_addressing_never_widens_who_reads(peer: Peer) -> None:
    public = "https://www.w3.org/ns/activitystreams#Public"
    activity = peer.create(to=[public], cc=["as:Public"]) | {"to": [public]}
    assert (await peer.post(activity)).status == 202
    await drain()
    post = await Post.get(uri=activity["object"]["id"])
    assert object_uri("spaces", post.space_id) == peer.group


@pytest.mark.parametrize(
    "html",
    [
        "<p>Hi</p><script>alert(1)</script>",
        '<p onclick="alert(1)">Hi</p>',
        '<a href="javascript:alert(1)">Hi</a>',
        '<svg onload="alert(1)"><p>Hi</p></svg>',
        '<p style="background:url(//evil.example)">Hi</p>',
        '<iframe src="https://evil.example"></iframe><p>Hi</p>',
        "<b>" * 20_000 + "Hi",
        '<a href="https://good.example"><a href="https://evil.example">Hi</a></a>',
    ],
)
async def test_h39_foreign_html_is_stored_sanitised(peer: Peer, html: str) -> None:
    note = await posted(peer, content=html)
    stored = (await Post.get(uri=note["id"])).html.lower()
    assert "hi" in stored
    for evil in ("<script", "onclick", "onload", "javascript:", "<svg", "<iframe", "style="):
        assert evil not in stored


async def test_h47_an_error_in_the_middle_leaves_nothing_and_is_made_up_for_once(
    peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    handler = registry.inbox["Create", "Note"]
    activity, following = peer.create(), peer.create()
    failing = 2

    async def fails_after_writing(incoming: Incoming) -> None:
        nonlocal failing
        await handler(incoming)
        if incoming.activity.id == activity["id"] and failing:
            failing -= 1
            raise RuntimeError("disk full")

    monkeypatch.setitem(registry.inbox, ("Create", "Note"), fails_after_writing)
    await peer.post(activity)
    await peer.post(following)
    await drain()
    row = await FedIn.get(activity_id=activity["id"])
    assert (row.state, row.tries) == (DEFERRED, 1)
    # Nothing of it is left, and what came after it was not held up.
    assert [post.uri for post in await Post.all()] == [following["object"]["id"]]
    assert [known.uri for known in await FedObject.all()] == [following["object"]["id"]]
    for _again in range(3):
        clock.shift(apply.WAIT_FOR_PARENT / 100)
        await apply.retry_waiting()
    assert (await FedIn.get(id=row.id)).state == APPLIED
    assert await Post.filter(uri=activity["object"]["id"]).count() == 1


async def test_h44_a_page_is_taken_in_order_and_its_poison_is_set_aside(
    peer: Peer, partner: Partner
) -> None:
    good = [peer.create() for _ in range(3)]
    poison = peer.activity("Create", {"type": "Note"})
    foreign = peer.create() | {
        "actor": {**peer.person(), "id": "https://cendra.example/fed/people/1"}
    }
    activities = [good[0], poison, good[1], foreign, good[2]]
    reply = await peer.post(peer.page(activities), "/fed/stream")
    assert reply.status == 200
    said = reply.json()
    assert said["ack"] == 5
    results = [result["result"] for result in said["results"]]
    assert results == ["accepted", "rejected", "accepted", "rejected", "accepted"]
    await drain()
    assert await Post.all().count() == 3
    again = await peer.post(peer.page(activities), "/fed/stream")
    assert again.json() == {"ack": 5, "results": []}


async def test_h44_gaps_other_chains_and_other_epochs_are_refused(peer: Peer) -> None:
    first = [peer.create(), peer.create()]
    await peer.post(peer.page(first), "/fed/stream")
    chain = chain_after(first)
    more = [peer.create()]
    before = await snapshot()
    gap = await peer.post(peer.page(more, after=5, prev=chain), "/fed/stream")
    assert (gap.status, gap.json()["expected"]) == (409, 3)
    for page in (
        peer.page(more, after=2, prev="0" * 64),
        peer.page(more, after=2, prev=chain, epoch="e2"),
        peer.page([peer.create(), *more], after=1, prev=chain_after(first[:1])),
    ):
        reply = await peer.post(page, "/fed/stream")
        assert reply.status == 409
        assert "resync" in reply.json()
    big = await peer.post(
        peer.page([peer.create() for _ in range(65)], after=2, prev=chain), "/fed/stream"
    )
    assert big.status == 400
    assert await changed_since(before) - {"outbox_job"} == set()
    assert (await peer.post(peer.page(more, after=2, prev=chain), "/fed/stream")).json()["ack"] == 3


async def test_suspended_partners_words_wait_and_come_when_it_resumes(
    peer: Peer, partner: Partner, colleague: Person
) -> None:
    late = peer.create()
    await peer.post(late)
    await admin.suspend(partner.id, colleague.id)
    await drain()
    assert await Post.all().count() == 0
    assert (await peer.post(peer.create())).status == 403
    await admin.resume(partner.id, colleague.id)
    await drain()
    assert await Post.filter(uri=late["object"]["id"]).count() == 1
