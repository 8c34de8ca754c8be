"""A line that is cut and comes back: nothing is missed, and all do not come back at once."""

from rse.kernel.ids import new_id, to_public
from rse.realtime import hub as hub_module
from rse.realtime.hub import Hub, hub
from rse.realtime.listener import SLOW
from rse.realtime.rings import KEPT_PER_TOPIC, Rings
from rse.web.session import opened_at
from tests import make
from tests.realtime.page import Room, Site
from tests.web_client import Browser


async def test_a_cut_over_the_socket_and_back_over_the_stream(site: Site, room: Room) -> None:
    ines = await make.account("Inès")
    room.welcome.add(ines.person_id)
    async with site.page(ines) as page:
        await page.listen(room.topic)
        await room.say("before")
        last = (await page.hear())["id"]
        transport = page.socket.get_extra_info("socket")
        assert transport is not None
        page.socket._response.connection.transport.abort()  # type: ignore[union-attr]
        for number in range(KEPT_PER_TOPIC):
            await room.say(f"missed {number}")
    async with site.stream(ines, room.topic, after=last) as stream:
        heard = [await stream.hear() for _ in range(KEPT_PER_TOPIC + 1)]
    words = [each["data"]["word"] for each in heard[:-1]]
    assert words == [f"missed {number}" for number in range(KEPT_PER_TOPIC)]
    assert heard[-1]["kind"] == "subscribed"
    async with site.page(ines) as page:
        assert await page.listen(room.topic, after=heard[-1]["id"]) != []
        await room.say("one more than is kept")
        await page.hear()
    async with site.page(ines) as page:
        assert [each["kind"] for each in await page.listen(room.topic, after=last)] == ["resync"]


async def test_what_happens_while_a_page_is_on_its_way_is_heard(
    site: Site, room: Room, browser: Browser
) -> None:
    ines = await make.account("Inès")
    room.welcome.add(ines.person_id)
    await browser.sign_in(ines)
    body = await browser.text("/settings")
    opened = body.partition('data-live-after="')[2].partition('"')[0]
    assert opened > to_public(1) and opened != opened_at()
    await room.say("in between")
    async with site.page(ines) as page:
        heard = await page.listen(room.topic, after=opened)
    assert [each["kind"] for each in heard] == ["said", "subscribed"]


async def test_a_place_to_resume_from_is_told_after_all_that_is_older(
    site: Site, room: Room
) -> None:
    """What waits to be delivered goes first: a cut right after would lose it."""
    ines = await make.account("Inès")
    room.welcome.add(ines.person_id)
    async with site.page(ines) as page:
        await page.listen(room.topic)
        [listener] = hub.listeners()
        hub.post(room.topic, "said", {"word": "older"})
        await hub.subscribe(listener, [f"person:{to_public(ines.person_id)}"])
        heard = [await page.hear(), await page.hear()]
    assert [each["kind"] for each in heard] == ["said", "subscribed"]
    assert heard[0]["id"] < heard[1]["id"]


def test_a_ring_that_may_lack_something_of_a_slower_clock_says_so() -> None:
    rings = Rings()
    base = new_id()
    for number in range(KEPT_PER_TOPIC + 1):
        rings.add(base + number, "t", "")
    assert rings.after_id("t", base) is not None
    assert rings.after_id("t", base, slack=1) is None


async def test_pages_of_a_server_that_ends_spread(site: Site, room: Room) -> None:
    ines = await make.account("Inès")
    async with site.page(ines) as page, site.stream(ines) as stream:
        hub.close_all()
        assert (await page.end(), page.reason) == (SLOW, "2")
        text = (await stream.response.content.read()).decode()
    assert 500 <= int(text.rpartition("retry: ")[2]) <= 2500


def test_many_pages_spread_over_more_seconds() -> None:
    class Many(Hub):
        def listeners(self) -> list[object]:  # type: ignore[override]
            return [closed] * (hub_module.CONNECTS_A_SECOND * 25)

    class Closed:
        within = 0

        def close(self, _code: int, within: int) -> None:
            self.within = within

    closed = Closed()
    Many().close_all()
    assert closed.within == 25
