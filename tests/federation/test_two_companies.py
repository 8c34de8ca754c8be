"""Two companies in two processes: the handshake, a shared space, loss of power, and the end."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from tests.federation.company import Company, Refused

pytestmark = pytest.mark.twoproc

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Pair:
    """Ostrelle hosts; Brumelis is the guest."""

    host: Company
    guest: Company


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def pair(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Pair]:
    """Two instances that became partners the way admins do it."""
    host = Company("Ostrelle", "Nadia Ferrand", tmp_path_factory.mktemp("ostrelle"))
    guest = Company("Brumelis", "Rui Valadares", tmp_path_factory.mktemp("brumelis"))
    await asyncio.gather(host.start(), guest.start())
    try:
        seen_by_guest = await guest.do("join", await host.do("invite"))
        seen_by_host = await host.do("code")
        assert seen_by_guest == seen_by_host
        await host.do("confirm", seen_by_guest)
        assert (await host.do("partner"))["state"] == "verifying"
        await guest.do("confirm", seen_by_host)
        for company in (host, guest):
            await company.eventually(lambda p: p["state"] == "active", "partner")
        yield Pair(host, guest)
        await asyncio.gather(host.stop(), guest.stop())
    finally:
        await asyncio.gather(host.kill(), guest.kill())


@dataclass(frozen=True)
class Shared:
    """A space of the host, and its mirror at the guest."""

    name: str
    there: int
    here: int


@pytest_asyncio.fixture(loop_scope="session")
async def shared(pair: Pair) -> Shared:
    """A space the host shared and the guest's admin accepted."""
    return await share_new_space(pair)


async def share_new_space(pair: Pair) -> Shared:
    name = f"Joint project {next(_numbers)}"
    there = await pair.host.do("make_space", name)
    await pair.host.do("share", there)
    await pair.guest.eventually(lambda names: name in names, "offered")
    await pair.guest.do("accept")
    here = await pair.guest.eventually(bool, "find_space", name)
    await pair.host.eventually(lambda states: "invited" not in states, "share_states")
    both = sorted([pair.host.boss, pair.guest.boss])
    await pair.host.eventually(both, "members", there)
    await pair.guest.eventually(both, "members", here)
    return Shared(name, there, here)


async def test_both_sides_hold_the_same_agreement_and_know_each_other(pair: Pair) -> None:
    one, other = await pair.host.do("partner"), await pair.guest.do("partner")
    assert one["agreement"] == other["agreement"]
    assert (one["name"], other["name"]) == ("Brumelis", "Ostrelle")


async def test_words_travel_both_ways_and_follow_their_edits_and_ends(
    pair: Pair, shared: Shared
) -> None:
    host, guest = pair.host, pair.guest
    post = await host.do("post", shared.there, "Plans for **spring**")
    [seen] = await guest.eventually(lambda posts: len(posts) == 1, "thread", shared.here)
    assert "<strong>spring</strong>" in seen["html"]
    assert (seen["author"], seen["organisation"]) == ("Nadia Ferrand", "Ostrelle")

    await guest.do("comment", seen["id"], "We are in")
    await guest.do("react", seen["id"], "🎉")
    [there] = await host.eventually(
        lambda posts: posts[0]["comments"] and posts[0]["reactions"] == ["🎉"],
        "thread",
        shared.there,
    )
    assert "We are in" in there["comments"][0][1]

    await host.do("comment", post, "Good")
    await guest.eventually(lambda posts: len(posts[0]["comments"]) == 2, "thread", shared.here)
    [[theirs, _words], *_more] = there["comments"]
    await host.do("comment", post, "Which part?", theirs)
    await host.do("react", theirs, "👍")
    await guest.eventually(
        lambda posts: (posts[0]["answers"], posts[0]["liked_comments"]) == (1, 1),
        "thread",
        shared.here,
    )
    await host.do("edit", post, "Plans for autumn")
    await guest.eventually(lambda posts: "autumn" in posts[0]["html"], "thread", shared.here)
    await guest.do("withdraw", seen["id"], "🎉")
    await host.eventually(lambda posts: posts[0]["reactions"] == [], "thread", shared.there)

    answer = await guest.do("post", shared.here, "A question from Brumelis")
    both = await host.eventually(lambda posts: len(posts) == 2, "thread", shared.there)
    assert (both[1]["author"], both[1]["organisation"]) == ("Rui Valadares", "Brumelis")
    await guest.do("delete", answer)
    await host.eventually(lambda posts: len(posts) == 1, "thread", shared.there)
    await host.do("delete", post)
    await guest.eventually([], "thread", shared.here)


async def test_a_post_that_moves_goes_where_its_space_is_read_and_comes_back(pair: Pair) -> None:
    first, second = await share_new_space(pair), await share_new_space(pair)
    among_us = await pair.host.do("make_space", "Among ourselves")
    post = await pair.host.do("post", first.there, "A plan that wanders")
    await pair.host.do("comment", post, "With our answer")
    await pair.guest.eventually(
        lambda posts: len(posts) == 1 and len(posts[0]["comments"]) == 1, "thread", first.here
    )
    for there, here in (
        (second.there, second.here), (among_us, 0), (first.there, first.here),
    ):  # fmt: skip
        await pair.host.do("move", post, there)
        for place in (first.here, second.here):
            wanted = 1 if place == here else 0
            found = await pair.guest.eventually(
                lambda posts, n=wanted: len(posts) == n and all(p["comments"] for p in posts),
                "thread",
                place,
            )
            assert all("wanders" in row["html"] for row in found)
    await pair.host.do("edit", post, "A plan that arrived")
    await pair.guest.eventually(lambda posts: "arrived" in posts[0]["html"], "thread", first.here)
    await pair.host.do("delete", post)
    await pair.guest.eventually([], "thread", first.here)
    await pair.host.do("restore", post)
    await pair.guest.eventually(
        lambda posts: len(posts) == 1 and len(posts[0]["comments"]) == 1, "thread", first.here
    )


async def test_a_receiver_that_loses_power_gets_everything_once_and_in_order(
    pair: Pair, shared: Shared
) -> None:
    known = await pair.guest.do("received")
    first = [f"before {n}" for n in range(40)]
    later = [f"after {n}" for n in range(100)]
    await pair.host.do("posts", shared.there, first)
    # In the middle of receiving, at whatever step it happens to be.
    await pair.guest.eventually(bool, "thread", shared.here)
    await pair.guest.kill()
    await pair.host.do("posts", shared.there, later)
    await pair.guest.start()
    seen = await pair.guest.eventually(
        lambda posts: len(posts) >= len(first + later), "thread", shared.here
    )
    found = [post["html"].removeprefix("<p>").partition("</p>")[0] for post in seen]
    assert found == first + later
    received = await pair.guest.do("received")
    assert {state for state in received if received[state] > known.get(state, 0)} == {"applied"}
    await pair.host.eventually(
        lambda lanes: all(head == acked for _lane, head, acked in lanes), "lanes"
    )


async def test_a_sender_that_loses_power_sends_what_it_had_said(pair: Pair, shared: Shared) -> None:
    await pair.guest.kill()
    await pair.host.do("post", shared.there, "Said before the power went")
    await pair.host.eventually(lambda partner: partner["waiting_out"] > 0, "partner")
    await pair.host.kill()
    await asyncio.gather(pair.host.start(), pair.guest.start())
    await pair.guest.eventually(lambda posts: len(posts) == 1, "thread", shared.here)


async def test_suspending_stops_both_directions_and_resuming_loses_nothing(
    pair: Pair, shared: Shared
) -> None:
    await pair.host.do("suspend")
    await pair.guest.do("post", shared.here, "From Brumelis, meanwhile")
    await pair.host.do("post", shared.there, "From Ostrelle, meanwhile")
    await pair.guest.eventually(lambda partner: partner["said_of_us"] == "suspended", "partner")
    assert len(await pair.host.do("thread", shared.there)) == 1
    assert await pair.guest.do("thread", shared.here) == [
        post for post in await pair.guest.do("thread", shared.here) if post["uri"] is None
    ]
    await pair.host.do("resume")
    await pair.host.eventually(lambda posts: len(posts) == 2, "thread", shared.there)
    await pair.guest.eventually(lambda posts: len(posts) == 2, "thread", shared.here)


async def test_unsharing_ends_reading_and_writing_at_once(pair: Pair) -> None:
    shared = await share_new_space(pair)
    await pair.host.do("post", shared.there, "While we share")
    await pair.guest.eventually(lambda posts: len(posts) == 1, "thread", shared.here)
    await pair.host.do("unshare")
    await pair.host.do("post", shared.there, "Among ourselves again")
    await pair.guest.eventually(lambda states: set(states) == {"ended"}, "share_states")
    with pytest.raises(Refused):
        await pair.guest.do("post", shared.here, "Still here?")
    assert len(await pair.guest.do("thread", shared.here)) == 1
    assert len(await pair.host.do("thread", shared.there)) == 2


async def test_the_record_of_both_sides_is_whole(pair: Pair) -> None:
    assert await pair.host.do("audit_is_whole")
    assert await pair.guest.do("audit_is_whole")


async def test_a_used_invitation_and_a_wrong_code_are_refused(
    pair: Pair, tmp_path: "object"
) -> None:
    from pathlib import Path

    third = Company("Cendra", "Ilse Brandt", Path(str(tmp_path)))
    await third.start()
    try:
        link = await pair.host.do("invite")
        with pytest.raises(Refused):
            await pair.guest.do("join", link)
        await third.do("join", link)
        with pytest.raises(Refused):
            await third.do("confirm", "1234 5678 9012")
        fourth = Company("Vesper", "Max Olin", Path(str(tmp_path)) / "fourth")
        await fourth.start()
        try:
            with pytest.raises(Refused, match="refused"):
                await fourth.do("join", link)
        finally:
            await fourth.kill()
    finally:
        await third.kill()
