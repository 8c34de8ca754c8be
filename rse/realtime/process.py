"""What each process starts and stops for live signals."""

import asyncio
from contextlib import suppress

from rse.kernel import redis

from .hub import hub
from .redis_bridge import Bridge
from .sessions import watch

_bridge: Bridge | None = None
_watching: asyncio.Task[None] | None = None


async def start() -> None:
    """Deliver signals; with Redis, to and from the other processes too."""
    global _bridge, _watching  # noqa: PLW0603 - one hub per process
    hub.start()
    _watching = asyncio.create_task(watch(), name="live.sessions")
    client = redis.client()
    if client is not None:
        _bridge = Bridge(hub, client)
        _bridge.start()


async def stop() -> None:
    """Send what waits and end every connection."""
    global _bridge, _watching  # noqa: PLW0603
    if _bridge is not None:
        await _bridge.stop()
    if _watching is not None:
        _watching.cancel()
        with suppress(asyncio.CancelledError):
            await _watching
    await hub.stop()
    _bridge = _watching = None
