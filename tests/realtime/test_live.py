"""Open pages hear of changes at once, and only of those they may hear of."""

import asyncio

import aiohttp
import pytest

from rse.identity import people
from rse.identity.models import Person
from rse.identity.sessions import end_sessions
from rse.kernel.db import transaction
from rse.kernel.ids import to_public
from rse.kernel.jobs import drain
from rse.realtime import sessions
from rse.realtime.hub import hub, recheck_after, signal_after
from rse.realtime.listener import RULES, SIGNED_OUT
from rse.realtime.topics import Topic, topics
from tests import make
from tests.realtime.page import Room, Site


async def test_a_page_hears_what_it_listens_to(site: Site, room: Room) -> None:
    ines = await make.account("Inès")
    room.welcome.add(ines.person_id)
    async with site.page(ines) as page:
        (answer,) = await page.listen(room.topic)
        assert answer["kind"] == "subscribed"
        await room.say("hello")
        heard = await page.hear()
        assert heard["topic"] == room.topic
        assert heard["kind"] == "said"
        assert heard["data"] == {"word": "hello"}
        assert heard["id"] > answer["id"]


async def test_a_page_that_stops_listening_hears_no_more(site: Site, room: Room) -> None:
    ines = await make.account("Inès")
    room.welcome.add(ines.person_id)
    async with site.page(ines) as page:
        await page.listen(room.topic)
        await page.ask(do="unsubscribe", topics=[room.topic])
        await page.listen("person:" + to_public(ines.person_id))
        await room.say("anybody?")
        assert await page.hears_nothing()


async def test_a_topic_one_may_not_hear_is_refused_with_a_sentence(site: Site, room: Room) -> None:
    theo = await make.account("Théo", language="fr")
    async with site.page(theo) as page:
        (answer,) = await page.listen(room.topic)
        assert answer["kind"] == "refused"
        assert answer["data"]["message"]
        await room.say("secret")
        assert await page.hears_nothing()


@pytest.mark.parametrize("name", ["", "room", "room:", "room:zzz", "nowhere:0000000000000", ":"])
async def test_a_topic_that_cannot_be_is_refused(site: Site, room: Room, name: str) -> None:
    async with site.page(await make.account()) as page:
        (answer,) = await page.listen(name)
        assert answer["kind"] == "refused"


async def test_nobody_hears_what_is_said_to_another_person(site: Site) -> None:
    ines, theo = await make.account("Inès"), await make.account("Théo")
    async with site.page(theo) as page:
        (answer,) = await page.listen("person:" + to_public(ines.person_id))
        assert answer["kind"] == "refused"


async def test_who_comes_back_gets_what_they_missed(site: Site, room: Room) -> None:
    ines = await make.account("Inès")
    room.welcome.add(ines.person_id)
    async with site.page(ines) as page:
        await page.listen(room.topic)
        await room.say("one")
        last = (await page.hear())["id"]
    await room.say("two")
    await room.say("three")
    async with site.page(ines) as page:
        *missed, answer = await page.listen(room.topic, after=last)
        assert [each["data"]["word"] for each in missed] == ["two", "three"]
        assert answer["kind"] == "subscribed"
        await room.say("four")
        assert await page.words(1) == ["four"]


async def test_who_missed_too_much_is_told_to_ask_anew(site: Site, room: Room) -> None:
    ines = await make.account("Inès")
    room.welcome.add(ines.person_id)
    async with site.page(ines) as page:
        last = (await page.listen(room.topic))[0]["id"]
    for number in range(100):
        await room.say(str(number))
    async with site.page(ines) as page:
        (answer,) = await page.listen(room.topic, after=last)
        assert answer["kind"] == "resync"


async def test_an_id_from_before_this_process_is_too_old(site: Site, room: Room) -> None:
    ines = await make.account("Inès")
    room.welcome.add(ines.person_id)
    async with site.page(ines) as page:
        (answer,) = await page.listen(room.topic, after="0000000000001")
        assert answer["kind"] == "resync"


async def test_lost_rights_stop_signals_at_once(site: Site, room: Room) -> None:
    ines, theo = await make.account("Inès"), await make.account("Théo")
    room.welcome |= {ines.person_id, theo.person_id}
    async with site.page(ines) as stays, site.page(theo) as leaves:
        await stays.listen(room.topic)
        await leaves.listen(room.topic)
        async with transaction() as change:
            room.welcome.discard(theo.person_id)
            recheck_after(change, room.topic)
            signal_after(change, room.topic, "said", {"word": "just us now"})
        answer = await leaves.hear()
        assert answer["kind"] == "refused"
        assert answer["data"]["message"]
        assert await stays.words(1) == ["just us now"]
        await room.say("still us")
        assert await leaves.hears_nothing()
        assert await stays.words(1) == ["still us"]


async def test_rights_lost_while_they_are_asked_for_are_lost(site: Site, room: Room) -> None:
    """The rule has answered yes, from what it read before the right was taken."""
    theo = await make.account("Théo")
    answering, go_on = asyncio.Event(), asyncio.Event()
    rules = [True, False]

    async def slowly(person: Person, number: int) -> bool:
        answer = rules.pop(0)
        answering.set()
        await go_on.wait()
        return answer

    topics["room"] = Topic("room", slowly)
    async with site.page(theo) as page:
        await page.ask(do="subscribe", topics=[room.topic])
        await answering.wait()
        await hub.recheck(room.topic)
        go_on.set()
        assert (await page.hear())["kind"] == "refused"
        await room.say("secret")
        assert await page.hears_nothing()


async def test_a_signal_of_a_change_that_is_rolled_back_is_not_sent(site: Site, room: Room) -> None:
    ines = await make.account("Inès")
    room.welcome.add(ines.person_id)
    async with site.page(ines) as page:
        await page.listen(room.topic)
        with pytest.raises(RuntimeError):
            await _say_and_fail(room)
        assert await page.hears_nothing()


async def _say_and_fail(room: Room) -> None:
    async with transaction() as change:
        signal_after(change, room.topic, "said", {"word": "never"})
        raise RuntimeError


async def test_who_is_switched_off_is_hung_up_on(site: Site, room: Room) -> None:
    theo = await make.account("Théo")
    room.welcome.add(theo.person_id)
    async with site.page(theo) as page, site.stream(theo, room.topic) as stream:
        await page.listen(room.topic)
        await stream.hear()
        await people.deactivate(theo.person_id, "admin")
        await drain()
        assert await page.end() == SIGNED_OUT
        await stream.end()
    assert hub.listeners() == []


async def test_a_session_that_ended_is_hung_up_on(site: Site) -> None:
    ines, theo = await make.account("Inès"), await make.account("Théo")
    async with site.page(ines) as stays, site.page(theo) as leaves:
        await stays.listen("person:" + to_public(ines.person_id))
        await leaves.listen("person:" + to_public(theo.person_id))
        await end_sessions(theo.id)
        await sessions.drop_ended()
        assert await leaves.end() == SIGNED_OUT
        await hub.signal("person:" + to_public(ines.person_id), "notices", {"unread": 1})
        assert (await stays.hear())["data"] == {"unread": 1}


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://127.0.0.1:8801"])
async def test_a_page_of_another_site_is_refused(site: Site, origin: str) -> None:
    ines = await make.account("Inès")
    with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
        async with site.page(ines, origin=origin):
            pass
    assert refusal.value.status == 403


async def test_nobody_listens_without_a_session(site: Site) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
        async with site.page(None):
            pass
    assert refusal.value.status == 401


@pytest.mark.parametrize(
    "message",
    [
        "",
        "nonsense",
        "[]",
        '{"do": "shout"}',
        '{"do": "subscribe"}',
        '{"do": "subscribe", "topics": [7]}',
        '{"do": "subscribe", "topics": ["a"], "more": 1}',
        "x" * 20_000,
    ],
)
async def test_nonsense_ends_the_line(site: Site, message: str) -> None:
    async with site.page(await make.account()) as page:
        await page.socket.send_str(message)
        assert await page.end() == RULES


async def test_a_page_that_asks_without_end_is_cut_off(site: Site, room: Room) -> None:
    async with site.page(await make.account()) as page:
        for _ in range(61):
            await page.ask(do="unsubscribe", topics=[room.topic])
        assert await page.end() == RULES


async def test_a_person_has_only_so_many_lines(site: Site) -> None:
    ines = await make.account("Inès")
    async with asyncio.timeout(10):
        pages = []
        try:
            for _ in range(31):
                context = site.page(ines)
                pages.append((context, await context.__aenter__()))
            assert await pages[-1][1].end() == RULES
        finally:
            for context, _page in pages:
                await context.__aexit__(None, None, None)


async def test_a_closed_tab_is_forgotten(site: Site, room: Room) -> None:
    ines = await make.account("Inès")
    room.welcome.add(ines.person_id)
    async with site.page(ines) as page, site.stream(ines, room.topic) as stream:
        await page.listen(room.topic)
        await stream.hear()
        assert len(hub.listeners()) == 2
    for _ in range(500):
        if hub.listeners():
            await asyncio.sleep(0.01)
    assert hub.listeners() == []
    assert room.topic not in hub._by_topic
