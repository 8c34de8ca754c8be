"""Browsers that get no WebSocket hear the same over server-sent events."""

import aiohttp

from rse.config import settings
from tests import make
from tests.realtime.page import Room, Site, cookies


async def test_the_stream_brings_the_same_envelopes(site: Site, room: Room) -> None:
    ines = await make.account("Inès")
    room.welcome.add(ines.person_id)
    async with site.page(ines) as page, site.stream(ines, room.topic) as stream:
        assert stream.response.content_type == "text/event-stream"
        await page.listen(room.topic)
        assert (await stream.hear())["kind"] == "subscribed"
        await room.say("hello")
        assert await stream.hear() == await page.hear()


async def test_the_stream_goes_on_where_it_was_cut(site: Site, room: Room) -> None:
    ines = await make.account("Inès")
    room.welcome.add(ines.person_id)
    async with site.stream(ines, room.topic) as stream:
        await stream.hear()
        await room.say("one")
        last = (await stream.hear())["id"]
    await room.say("two")
    async with site.stream(ines, room.topic, after=last) as stream:
        assert (await stream.hear())["data"] == {"word": "two"}
        assert (await stream.hear())["kind"] == "subscribed"


async def test_a_last_id_nobody_can_read_means_ask_anew(site: Site, room: Room) -> None:
    ines = await make.account("Inès")
    room.welcome.add(ines.person_id)
    async with site.stream(ines, room.topic, after="what") as stream:
        assert (await stream.hear())["kind"] == "resync"


async def test_a_refused_topic_is_said_in_the_stream(site: Site, room: Room) -> None:
    async with site.stream(await make.account(), room.topic) as stream:
        answer = await stream.hear()
        assert answer["kind"] == "refused"
        assert answer["data"]["message"]


async def test_the_stream_is_not_for_other_sites(site: Site, room: Room) -> None:
    headers = {"Origin": "https://elsewhere.example", **await cookies(await make.account())}
    async with site.session.get(f"http://{site.address}/live/events", headers=headers) as answer:
        assert answer.status == 403
    headers["Origin"] = settings().origin
    timeout = aiohttp.ClientTimeout(sock_read=2)
    async with site.session.get(
        f"http://{site.address}/live/events", headers=headers, timeout=timeout
    ) as answer:
        assert answer.status == 200


async def test_the_stream_is_not_for_strangers(site: Site) -> None:
    headers = {"Accept": "application/json"}
    async with site.session.get(f"http://{site.address}/live/events", headers=headers) as answer:
        assert answer.status == 401
