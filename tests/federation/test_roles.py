"""What a space lets a partner's people do holds for all that their company sends."""

from typing import Any

import pytest

from rse.federation.io.models import APPLIED, REJECTED, FedIn, FedOut
from rse.feed import actions as feed
from rse.feed.actions import RefusalDraft
from rse.feed.models import Comment, Post, Reaction
from rse.identity.models import Person
from rse.kernel.errors import RseError
from rse.kernel.jobs import drain
from rse.spaces import actions as spaces
from rse.spaces.models import APPROVAL, EXTERNAL, JOINED, OWNER, READER, Membership, Space
from tests import make
from tests.federation.peer import Peer


async def send(peer: Peer, activity: dict[str, Any]) -> str:
    """How it ended with an activity of the peer."""
    reply = await peer.post(activity)
    assert reply.status == 202, reply.body
    await drain()
    return (await FedIn.get(activity_id=activity["id"])).state


async def joint() -> tuple[Space, Person]:
    space = await Space.get(name="Joint project")
    owner = await Membership.get(space_id=space.id, role=OWNER).select_related("person")
    return space, owner.person


async def test_a_reader_of_a_partner_writes_nothing_and_stays_a_reader(peer: Peer) -> None:
    space, owner = await joint()
    rui = await Person.get(uri=peer.person()["id"])
    post = await make.post(owner, space)
    await drain()
    theirs = peer.note()
    assert await send(peer, peer.activity("Create", theirs)) == APPLIED
    await spaces.set_role(owner, space.id, rui.id, READER)
    ours = f"{peer.target}/fed/posts/{post.id}"
    for activity in (
        peer.create(),
        peer.create(inReplyTo=theirs["id"]),
        peer.activity("Update", theirs | {"content": "<p>Other words</p>"}),
        peer.activity("Like", theirs["id"], content="👏"),
    ):
        assert await send(peer, activity) == REJECTED, (activity, ours)
    assert await send(peer, peer.activity("Join", peer.group)) == APPLIED
    place = await Membership.get(space_id=space.id, person_id=rui.id)
    assert (place.status, place.role) == (JOINED, READER)
    assert await Post.filter(author_id=rui.id).count() == 1
    assert not await Comment.filter(author_id=rui.id).exists()
    assert not await Reaction.filter(person_id=rui.id).exists()


async def test_a_reader_stays_one_when_their_company_takes_them_out_and_in_again(
    peer: Peer,
) -> None:
    space, owner = await joint()
    rui = await Person.get(uri=peer.person()["id"])
    await spaces.set_role(owner, space.id, rui.id, READER)
    for kind in ("Leave", "Leave", "Join"):
        await send(peer, peer.activity(kind, peer.group))
    assert await send(peer, peer.create()) == REJECTED


async def test_nobody_of_a_partner_decides_here(peer: Peer) -> None:
    space, owner = await joint()
    rui = await Person.get(uri=peer.person()["id"])
    assert (await Membership.get(space_id=space.id, person_id=rui.id)).role == EXTERNAL
    with pytest.raises(RseError):
        await spaces.set_role(owner, space.id, rui.id, OWNER)
    assert (await Membership.get(space_id=space.id, person_id=rui.id)).role == EXTERNAL


async def test_a_partner_s_post_waits_where_posts_wait_and_nothing_hangs_on_it(peer: Peer) -> None:
    space, owner = await joint()
    await Space.filter(id=space.id).update(posting=APPROVAL)
    note = peer.note()
    assert await send(peer, peer.activity("Create", note)) == APPLIED
    post = await Post.get(uri=note["id"])
    assert post.is_waiting
    await send(peer, peer.create(inReplyTo=note["id"]))
    await send(peer, peer.activity("Like", note["id"], content="👏"))
    assert not await Comment.filter(post_id=post.id).exists()
    assert not await Reaction.filter(post_id=post.id).exists()
    assert await send(peer, peer.activity("Update", note | {"content": "<p>Better</p>"})) == APPLIED
    assert "Better" in (await Post.get(id=post.id)).html
    await feed.accept(owner, post.id)
    await drain()
    assert not (await Post.get(id=post.id)).is_waiting


async def test_our_post_that_waits_is_told_only_when_it_is_accepted(peer: Peer) -> None:
    space, owner = await joint()
    await Space.filter(id=space.id).update(posting=APPROVAL)
    member = await make.member(space)
    kept, refused = [await make.post(member, space, body=f"Words {n}") for n in (1, 2)]
    await drain()
    assert not [row for row in await FedOut.all() if b"Words" in bytes(row.body)]
    await feed.refuse(owner, refused.id, RefusalDraft(reason="Names a customer."))
    await feed.accept(owner, kept.id)
    await drain()
    [sent] = [row for row in await FedOut.all() if b"Words" in bytes(row.body)]
    assert b"Words 1" in bytes(sent.body)
