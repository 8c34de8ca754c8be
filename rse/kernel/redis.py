"""The connection to Redis: what several processes share and nobody misses after a restart."""

import logging
from typing import cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

from . import limits

log = logging.getLogger(__name__)

# The window opens with the first hit and ends by itself: counted and dated in one step.
_HIT = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return {count, redis.call('TTL', KEYS[1])}
"""
_TROUBLE = (RedisError, OSError, TimeoutError)

_client: Redis | None = None
_namespace = ""


def open_client(url: str, namespace: str) -> None:
    """Use the Redis at `url`, if any; `namespace` keeps instances on one server apart.

    Nothing is asked of the server yet: an instance starts, alone, while Redis is down.
    """
    global _client, _namespace  # noqa: PLW0603 - one connection pool per process
    if not url:
        return
    _client = Redis.from_url(
        url, socket_connect_timeout=2, socket_timeout=None, health_check_interval=30
    )
    _namespace = namespace
    limits.use(RedisCounter(_client))


async def close_client() -> None:
    """Let go of the server; rate limits are counted in this process again."""
    global _client  # noqa: PLW0603
    limits.use(limits.memory)
    if _client is not None:
        await _client.aclose()
    _client = None


def client() -> Redis | None:
    """The shared client; None when this instance is one process."""
    return _client


def name_of(key: str) -> str:
    """A key or channel, under the name of this instance."""
    return f"{_namespace}:{key}"


class RedisCounter:
    """Rate limits counted once for all processes; each for itself while Redis is away."""

    def __init__(self, connection: Redis) -> None:
        self._connection = connection

    async def add(self, key: str, seconds: int) -> tuple[int, int]:
        try:
            counted = await self._connection.eval(_HIT, 1, name_of(f"limit:{key}"), str(seconds))
        except _TROUBLE as error:
            log.warning("rate limits are counted per process: %s", type(error).__name__)
            return await limits.memory.add(key, seconds)
        count, left = cast("list[int]", counted)
        return count, max(1, left)

    async def clear(self, key: str) -> None:
        await limits.memory.clear(key)
        try:
            await self._connection.delete(name_of(f"limit:{key}"))
        except _TROUBLE as error:
            log.warning("a rate limit was not forgiven: %s", type(error).__name__)
