"""Rate limits of several processes are counted once; without Redis each counts for itself."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from rse.kernel import limits, redis
from rse.kernel.errors import TooMany
from tests.testenv.redis import RedisServer

pytestmark = pytest.mark.redis


@pytest_asyncio.fixture(loop_scope="session")
async def counted(redis_server: RedisServer, worker_number: int) -> AsyncIterator[None]:
    redis_server.flush()
    limits.memory.reset()
    redis.open_client(redis_server.url(worker_number), "limits")
    yield
    await redis.close_client()


async def test_two_processes_share_one_count(counted: None) -> None:
    client = redis.client()
    assert client is not None
    other = redis.RedisCounter(client)
    await limits.hit("door", 2, 60)
    assert (await other.add("door", 60))[0] == 2
    with pytest.raises(TooMany) as refusal:
        await limits.hit("door", 2, 60)
    assert 1 <= refusal.value.retry_after_seconds <= 60
    await limits.forgive("door")
    await limits.hit("door", 2, 60)


async def test_a_window_ends_by_itself(counted: None) -> None:
    await limits.hit("door", 5, 60)
    client = redis.client()
    assert client is not None
    assert 0 < await client.ttl(redis.name_of("limit:door")) <= 60


async def test_limits_hold_while_redis_is_away() -> None:
    limits.memory.reset()
    redis.open_client("redis://127.0.0.1:1", "limits")
    try:
        await limits.hit("door", 1, 60)
        with pytest.raises(TooMany):
            await limits.hit("door", 1, 60)
        await limits.forgive("door")
        await limits.hit("door", 1, 60)
    finally:
        await redis.close_client()
