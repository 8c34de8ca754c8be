"""Two processes of one instance over Redis: what one does, the pages of the other hear at once."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio

from rse.config import Settings
from rse.feed.models import Post
from rse.identity import people
from rse.identity.models import Account
from rse.identity.policy import ProfilePolicy, change_profile_policy
from rse.kernel import jobs, redis
from rse.kernel.ids import to_public
from rse.realtime import presence
from rse.realtime.hub import hub
from rse.realtime.listener import SIGNED_OUT
from rse.realtime.redis_bridge import Bridge
from rse.realtime.topics import topic_of
from rse.spaces import actions as spaces
from rse.spaces.models import Space
from tests import make
from tests.realtime.page import Heard, Site
from tests.testenv.redis import RedisServer

pytestmark = [pytest.mark.redis, pytest.mark.twoproc, pytest.mark.slow]


def environment(settings: Settings, url: str, port: int) -> dict[str, str]:
    return {
        **os.environ,
        "RSE_SERVER__DATA_DIR": str(settings.server.data_dir),
        "RSE_SERVER__BIND": f"127.0.0.1:{port}",
        "RSE_SERVER__PUBLIC_URL": settings.server.public_url,
        "RSE_DATABASE__URL": settings.database.url,
        "RSE_REDIS__URL": url,
        "RSE_NETWORK__ALLOWED_PRIVATE": '["127.0.0.0/8"]',
        "RSE_LOG__LEVEL": "error",
    }


@pytest_asyncio.fixture(loop_scope="session")
async def other(
    site: Site, settings: Settings, redis_server: RedisServer, worker_number: int
) -> AsyncIterator[Site]:
    """This process on Redis, and `rse serve` beside it on the same database."""
    url = redis_server.url(worker_number)
    redis.open_client(url, settings.host)
    client = redis.client()
    assert client is not None
    bridge = Bridge(hub, client)
    bridge.start()
    async with asyncio.timeout(5):
        await bridge.connected.wait()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "rse", "serve", "--no-worker", env=environment(settings, url, port)
    )
    second = Site(site.session, port)
    await _answers(second)
    await asyncio.sleep(2.2)  # what is older than the clocks may differ is not resumed
    yield second
    process.terminate()
    async with asyncio.timeout(20):
        await process.wait()
    await bridge.stop()
    await redis.close_client()


async def _answers(site: Site) -> None:
    for _attempt in range(600):
        try:
            async with site.session.get(f"http://{site.address}/sign-in") as answer:
                assert answer.status == 200
                return
        except aiohttp.ClientError:
            await asyncio.sleep(0.1)
    raise TimeoutError("the other process does not answer")


async def two_members() -> tuple[Account, Account, Space]:
    ines, theo = await make.account("Inès"), await make.account("Théo")
    space = await make.space(ines.person, access="secret")
    await spaces.admit(space.id, theo.person_id)
    return ines, theo, space


async def a_post(author: Account, space: Space, words: str) -> Post:
    post = await make.post(author.person, space, words)
    await jobs.drain()
    return post


def posts_in(heard: list[Heard]) -> list[str]:
    """The ids of the posts; what was heard twice, once."""
    return list(dict.fromkeys(each["data"]["post"] for each in heard if each["kind"] == "post.new"))


async def test_a_page_that_was_cut_goes_on_at_the_other_process(site: Site, other: Site) -> None:
    ines, theo, space = await two_members()
    topic = topic_of("space", space.id)
    async with site.page(ines) as page:
        await page.listen(topic)
        await a_post(theo, space, "heard")
        last = (await page.hear())["id"]
    missed = [await a_post(theo, space, f"missed {number}") for number in range(3)]
    wanted = [to_public(post.id) for post in missed]
    await asyncio.sleep(0.3)
    async with other.page(ines) as page:
        assert posts_in(await page.listen(topic, after=last))[-3:] == wanted
        async with other.stream(ines, topic, after=last) as stream:
            heard = [await stream.hear()]
            while heard[-1]["kind"] not in {"subscribed", "resync"}:
                heard.append(await stream.hear())
        assert (heard[-1]["kind"], posts_in(heard)[-3:]) == ("subscribed", wanted)
        after = await a_post(theo, space, "and on")
        assert posts_in([await page.hear()]) == [to_public(after.id)]


async def test_who_leaves_hears_no_more_at_the_other_process(site: Site, other: Site) -> None:
    ines, theo, space = await two_members()
    post = await a_post(ines, space, "inside")
    thread = topic_of("thread", post.id)
    async with other.page(theo) as page:
        await page.listen(topic_of("space", space.id), thread)
        await spaces.remove(ines.person, space.id, theo.person_id)
        heard = [await page.hear(), await page.hear()]
        assert {each["kind"] for each in heard} == {"refused"}
        await a_post(ines, space, "not for Théo")
        assert await page.hears_nothing(0.5)


async def test_who_is_switched_off_is_hung_up_on_at_the_other_process(
    site: Site, other: Site
) -> None:
    theo = await make.account("Théo")
    async with other.page(theo) as page:
        await page.listen(topic_of("person", theo.person_id))
        await people.deactivate(theo.person_id, "admin")
        await jobs.drain()
        assert await page.end() == SIGNED_OUT


async def test_who_is_here_and_who_writes_is_known_to_both(site: Site, other: Site) -> None:
    await change_profile_policy(ProfilePolicy(presence=True, typing=True))
    ines, theo, space = await two_members()
    thread = topic_of("thread", (await a_post(ines, space, "a question")).id)
    async with site.page(ines) as here, other.page(theo) as there:
        await here.listen(thread)
        await there.ask(do="here", people=[to_public(ines.person_id)])
        assert (await there.hear())["data"]["people"] == []
        assert await presence.active_among([theo.person_id]) == {theo.person_id}
        await there.ask(do="typing", topic=thread)
        assert (await here.hear())["data"]["person"] == to_public(theo.person_id)
    await presence.leave(theo.person_id)
    client = redis.client()
    assert client is not None
    assert not await client.keys(redis.name_of("here:*"))
