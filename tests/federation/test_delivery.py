"""Delivery to partners who answer well, late, wrongly or not at all."""

import time
from collections.abc import Callable

import pytest

from rse.federation import admin, outbox, share
from rse.federation.core import httpsig, jcs, reading, stream
from rse.federation.core.httpsig import Message
from rse.federation.core.stream import Position
from rse.federation.core.vocab import Activity, Mention, Note
from rse.federation.io import delivery, pull
from rse.federation.io.models import CONTENT, CONTROL, FedIn, FedOut, Lane, Partner, Share
from rse.federation.names import object_uri, person_uri
from rse.feed import actions as feed
from rse.feed.drafts import EditDraft
from rse.feed.events import PostPublished
from rse.feed.federation import tell_partners
from rse.feed.models import Post
from rse.identity.models import Person
from rse.kernel import clock
from rse.kernel.jobs import drain
from rse.spaces.models import Space
from tests import make
from tests.federation.conftest import befriend
from tests.federation.listener import Answer, Listener
from tests.federation.peer import Peer


async def partner_of(listener: Listener) -> Partner:
    return await Partner.get(origin=listener.peer.origin)


async def our_space() -> Space:
    return await Space.all().get(name="Joint project")


async def author() -> Person:
    return await Person.filter(uri__isnull=True).order_by("id").get()


async def say(*bodies: str) -> list[Post]:
    posts = [await make.post(await author(), await our_space(), body=body) for body in bodies]
    await drain()
    return posts


async def deliver(listener: Listener) -> None:
    await delivery.deliver((await partner_of(listener)).id)


async def later(listener: Listener) -> None:
    """The next try, when its time has come."""
    await Lane.filter(outgoing=True).update(next_try_at=clock.now())
    await deliver(listener)


def notes(listener: Listener) -> list[str]:
    return [a["object"]["content"] for a in listener.activities if a["type"] == "Create"]


async def test_many_posts_come_in_pages_with_one_signature_each_and_in_order(
    listener: Listener,
) -> None:
    bodies = [f"post {n}" for n in range(130)]
    await say(*bodies)
    await deliver(listener)
    assert [
        note.strip().removeprefix("<p>").removesuffix("</p>") for note in notes(listener)
    ] == bodies
    assert max(listener.sizes) == stream.PAGE_ITEMS
    assert len(listener.nonces) == len(listener.sizes) == len(set(listener.nonces))
    lane = await Lane.get(outgoing=True, number=CONTENT)
    assert (lane.acked, lane.failures) == (lane.head, 0)


async def test_what_we_send_reads_strictly_and_names_no_more_than_a_card(
    listener: Listener,
) -> None:
    await say("Hello")
    await deliver(listener)
    [sent] = [a for a in listener.activities if a["type"] == "Create"]
    activity = reading.parse_activity(sent, loopback=True)
    assert isinstance(activity.object, Note)
    assert activity.audience == listener.peer.group == activity.object.audience
    assert set(sent["actor"]) <= {"id", "type", "name", "jobTitle"}
    assert str((await author()).email) not in str(sent)


async def test_a_lost_answer_is_asked_for_again_and_nothing_comes_twice(listener: Listener) -> None:
    await say("Once")
    who = await partner_of(listener)
    await Lane.create(partner=who, number=CONTROL, outgoing=True, epoch="e", head_chain="c")
    listener.next_answers = [lambda _ack: (599, b"")]
    await deliver(listener)
    assert (await Lane.get(outgoing=True, number=CONTENT)).failures == 1
    seen = len(listener.activities)
    await later(listener)
    assert len(listener.activities) == seen
    assert len(set(listener.nonces)) == len(listener.nonces)
    lane = await Lane.get(outgoing=True, number=CONTENT)
    assert (lane.acked, lane.last_error) == (lane.head, "")
    # The failure had put off both lanes; the answer on one ends it for both.
    assert (await admin.partner(lane.partner_id)).failures == 0


@pytest.mark.parametrize(
    "answer",
    [
        lambda _ack: (500, b"oops"),
        lambda _ack: (401, b""),
        lambda _ack: (202, b"{}"),
        lambda ack: (200, {"ack": ack + 1000}),
        lambda _ack: (200, {"ack": 0}),
        lambda _ack: (200, {"ack": "all"}),
        lambda _ack: (200, b"<html>"),
        lambda _ack: (400, {"title": "no"}),
        lambda _ack: (302, b""),
    ],
)
async def test_a_wrong_answer_is_no_acknowledgement_and_the_log_waits(
    listener: Listener, answer: Callable[[int], Answer]
) -> None:
    await say("Kept")
    before = await Lane.get(outgoing=True, number=CONTENT)
    listener.next_answers = [answer]
    await deliver(listener)
    lane = await Lane.get(outgoing=True, number=CONTENT)
    assert (lane.acked, lane.failures) == (before.acked, 1)
    assert lane.next_try_at > clock.now()
    assert lane.last_error
    # Before its time nothing is tried.
    tried = len(listener.nonces)
    await deliver(listener)
    assert len(listener.nonces) == tried


async def test_the_wait_doubles_without_end_up_to_its_limit() -> None:
    waits = [delivery.backoff(failures) for failures in (0, 1, 2, 3, 50, 5000)]
    for wait, usual in zip(waits, (2, 4, 8, 16, 900, 900), strict=True):
        assert usual * 0.75 <= wait <= usual * 1.25


async def test_a_busy_partner_is_left_alone_as_long_as_it_asks(listener: Listener) -> None:
    await say("Later")
    listener.headers = {"Retry-After": "120"}
    listener.next_answers = [lambda _ack: (503, b"")]
    await deliver(listener)
    lane = await Lane.get(outgoing=True, number=CONTENT)
    assert 110 < (lane.next_try_at - clock.now()).total_seconds() <= 120


async def test_a_partner_that_suspended_us_gets_its_log_when_it_resumes(listener: Listener) -> None:
    await say("Waiting")
    listener.next_answers = [lambda _ack: (403, {"state": "suspended"})]
    await deliver(listener)
    assert (await partner_of(listener)).said_of_us == "suspended"
    await later(listener)
    assert (await partner_of(listener)).said_of_us == ""
    assert len(notes(listener)) == 1


async def test_a_partner_restored_from_a_backup_is_sent_the_difference_again(
    listener: Listener,
) -> None:
    await say("one", "two")
    await deliver(listener)
    listener.position = Position(listener.position.epoch, 0, stream.START)
    listener.activities.clear()
    await say("three")
    first = (await Lane.get(outgoing=True, number=CONTENT)).acked
    assert first > 0
    listener.next_answers = [lambda _ack: (409, {"expected": 1})]
    with_gap = listener.position
    listener.position = Position(with_gap.epoch, first, (await chain_at(first)))
    await deliver(listener)
    listener.position = with_gap
    await later(listener)
    assert len(notes(listener)) >= 1
    assert (await Lane.get(outgoing=True, number=CONTENT)).acked == await FedOut.filter(
        lane=CONTENT
    ).count()


async def chain_at(seq: int) -> str:
    return (await FedOut.get(lane=CONTENT, seq=seq)).chain


async def test_control_overtakes_a_backlog_and_content_of_an_ended_share_is_withheld(
    listener: Listener,
) -> None:
    await say(*[f"post {n}" for n in range(70)])
    shared = await Share.get(partner_id=(await partner_of(listener)).id)
    await share.end(shared.id)
    await drain()
    await deliver(listener)
    assert [a["type"] for a in listener.activities] == ["Undo"]
    # The chain is whole all the same: what was withheld kept its place.
    lane = await Lane.get(outgoing=True, number=CONTENT)
    assert (listener.position.ack, listener.position.chain) == (lane.head, lane.head_chain)


async def test_nothing_is_sent_while_suspended_and_everything_after(listener: Listener) -> None:
    partner = await partner_of(listener)
    await admin.suspend(partner.id, (await author()).id)
    await say("Meanwhile")
    await deliver(listener)
    assert [a["object"]["type"] for a in listener.activities] == ["Partnership"]
    await admin.resume(partner.id, (await author()).id)
    await deliver(listener)
    assert len(notes(listener)) == 1


async def test_a_repeated_reaction_adds_nothing_to_the_log(listener: Listener) -> None:
    [post] = await say("Once")
    before = await FedOut.all().count()
    await tell_partners(PostPublished(post.id))
    assert await FedOut.all().count() == before


async def test_people_of_a_third_company_stay_text(listener: Listener) -> None:
    third = await make.outsider("Ilse Brandt", await make.organisation("Cendra", "cendra.example"))
    space = await our_space()
    writer = await author()
    note = Note(
        id=object_uri("posts", 1), attributed_to=person_uri(writer), audience=listener.peer.group,
        content="<p>x</p>", published=clock.now(),
        mentions=(
            Mention(href=person_uri(third), name="@ilse"),
            Mention(href=listener.peer.person()["id"], name="@rui"),
        ),
    )  # fmt: skip
    said = Activity(
        id="", type="Create", actor=person_uri(writer), object=note, published=clock.now()
    )
    await outbox.publish(space.id, said, "test:1")
    row = await FedOut.filter(lane=CONTENT).order_by("-seq").get()
    assert b"cendra.example" not in bytes(row.body)
    assert b"@rui" in bytes(row.body)


async def test_what_a_partner_wrote_is_not_sent_on_to_another(listener: Listener) -> None:
    other = Peer(listener.peer.address, listener.peer.target, group=listener.peer.group)
    partner = await befriend(other, "Cendra")
    space = await our_space()
    await Share.create(
        partner=partner, hosted_by_us=True, space_id=space.id, group_uri=other.group,
        group_name="x", invite_uri=f"{other.target}/fed/activities/9", state="active",
    )  # fmt: skip
    assert (await listener.peer.post(listener.peer.create())).status == 202
    await drain()
    assert await Post.all().count() == 1
    assert (
        await FedOut.filter(
            partner_id=partner.id, activity_id__contains=listener.peer.origin
        ).count()
        == 0
    )
    for row in await FedOut.filter(partner_id=partner.id):
        assert listener.peer.origin.encode() not in bytes(row.body)


async def test_catching_up_reads_signed_pages_and_refuses_forged_ones(listener: Listener) -> None:
    partner = await partner_of(listener)
    peer = listener.peer
    first = [peer.create() for _ in range(3)]
    listener.pages["1:0"] = jcs.canonical(peer.page(first))
    await pull.catch_up_all()
    await drain()
    assert await Post.all().count() == 3

    honest = peer.key
    peer.key = Peer("", "").key
    listener.pages["1:3"] = jcs.canonical(peer.page([peer.create()], after=3))
    await pull.catch_up_all()
    peer.key = honest
    assert await FedIn.filter(partner_id=partner.id).count() == 3


async def test_a_partner_reads_its_own_stream_as_it_would_be_pushed(listener: Listener) -> None:
    await say("Pulled")
    reply = await listener.peer.get("/fed/stream?lane=1&after=0")
    assert reply.status == 200
    pushed = Message("POST", f"{listener.peer.origin}/fed/stream", list(reply.headers.items()))
    httpsig.verify(httpsig.read(pushed), pushed, listener.key, now=int(time.time()))
    httpsig.check_body(pushed, reply.body)
    page = stream.read_page(reply.json())
    entries, _position = stream.continue_from(Position("", 0, stream.START), page)
    assert any(entry.activity and entry.activity["type"] == "Create" for entry in entries)
    for odd in ("?lane=9", "?lane=x", "?lane=1&after=-1", "?lane=1&after=99999999999999999999"):
        assert (await listener.peer.get(f"/fed/stream{odd}")).status in (400, 404)


async def test_an_edit_and_a_delete_follow_in_order(listener: Listener) -> None:
    [post] = await say("First")
    writer = await author()
    await feed.edit(writer, post.id, EditDraft(body="Second"))
    await drain()
    await feed.delete(writer, post.id)
    await drain()
    await deliver(listener)
    kinds = [a["type"] for a in listener.activities if a["type"] in ("Create", "Update", "Delete")]
    assert kinds == ["Create", "Update", "Delete"]


async def test_a_person_is_served_only_to_partners_who_met_them(listener: Listener) -> None:
    await say("Met")
    writer = await author()
    path = object_uri("people", writer.id).removeprefix(listener.peer.target)
    shown = await listener.peer.get(path)
    assert shown.status == 200
    assert set(shown.json()) <= {"id", "type", "name", "jobTitle"}
    hidden = await make.person("Never Seen")
    other = object_uri("people", hidden.id).removeprefix(listener.peer.target)
    assert (await listener.peer.get(other)).status == 404
    host = listener.peer.target.removeprefix("http://")
    found = await listener.peer.get(f"/.well-known/webfinger?resource=acct:{writer.handle}@{host}")
    assert found.json()["links"][0]["href"] == object_uri("people", writer.id)
