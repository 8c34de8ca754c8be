"""More than one process: signals, hang-ups and rechecks reach the pages of all of them."""

import asyncio
import sys
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from rse.kernel import redis
from rse.realtime.hub import hub
from rse.realtime.listener import SIGNED_OUT
from rse.realtime.redis_bridge import Bridge
from tests import make
from tests.realtime.page import Page, Room, Site
from tests.testenv.redis import RedisServer

pytestmark = [pytest.mark.redis, pytest.mark.twoproc]


class Processes:
    """This process on Redis, and others that come, say something and go."""

    def __init__(self, url: str, bridge: Bridge) -> None:
        self.url = url
        self.bridge = bridge

    async def elsewhere(self, *words: str) -> None:
        program = [
            sys.executable,
            "-m",
            "tests.realtime.other_process",
            self.url,
            redis.name_of(""),
        ]
        program[-1] = program[-1].rstrip(":")
        process = await asyncio.create_subprocess_exec(*program, *words)
        async with asyncio.timeout(20):
            assert await process.wait() == 0


@pytest_asyncio.fixture(loop_scope="session")
async def processes(
    site: Site, redis_server: RedisServer, worker_number: int
) -> AsyncIterator[Processes]:
    url = redis_server.url(worker_number)
    redis.open_client(url, f"test-{worker_number}")
    client = redis.client()
    assert client is not None
    bridge = Bridge(hub, client)
    bridge.start()
    async with asyncio.timeout(5):
        await bridge.connected.wait()
    yield Processes(url, bridge)
    await bridge.stop()
    await redis.close_client()


async def test_a_signal_of_another_process_is_heard(
    processes: Processes, site: Site, room: Room
) -> None:
    ines = await make.account("Inès")
    room.welcome.add(ines.person_id)
    async with site.page(ines) as page:
        await page.listen(room.topic)
        await processes.elsewhere("signal", room.topic, "from afar")
        assert await page.words(1) == ["from afar"]


async def test_what_this_process_says_is_heard_once(
    processes: Processes, site: Site, room: Room
) -> None:
    ines = await make.account("Inès")
    room.welcome.add(ines.person_id)
    async with site.page(ines) as page:
        await page.listen(room.topic)
        await room.say("hello")
        assert await page.words(1) == ["hello"]
        assert await page.hears_nothing()


async def test_rights_taken_in_another_process_are_taken_here(
    processes: Processes, site: Site, room: Room
) -> None:
    theo = await make.account("Théo")
    room.welcome.add(theo.person_id)
    async with site.page(theo) as page:
        await page.listen(room.topic)
        room.welcome.clear()
        await processes.elsewhere("recheck", room.topic)
        assert (await page.hear())["kind"] == "refused"


async def test_a_person_dropped_in_another_process_is_dropped_here(
    processes: Processes, site: Site
) -> None:
    theo = await make.account("Théo")
    async with site.page(theo) as page:
        await page.listen(f"person:{0:013}")
        await processes.elsewhere("drop", str(theo.person_id))
        assert await page.end() == SIGNED_OUT


async def test_pages_ask_anew_after_redis_was_away(
    processes: Processes, site: Site, room: Room, redis_server: RedisServer
) -> None:
    ines = await make.account("Inès")
    room.welcome.add(ines.person_id)
    async with site.page(ines) as page:
        await page.listen(room.topic)
        await asyncio.to_thread(redis_server.restart)
        await room.say("still here")
        assert await _kinds(page, 2) == {"said", "resync"}
        await processes.elsewhere("signal", room.topic, "and there")
        assert await page.words(1) == ["and there"]


async def _kinds(page: Page, count: int) -> set[str]:
    return {(await page.hear(15))["kind"] for _ in range(count)}
