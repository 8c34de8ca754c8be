"""Waiting for what other processes do: short looks, a limit, and a sentence when it is over."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

ValueT = TypeVar("ValueT")
LOOK_SECONDS = 0.08


class StoryBroken(Exception):
    """Something did not happen, or not as it should; the message says what."""


def check(holds: object, what: str) -> None:
    """Go on only when `holds`; `what` says what was expected."""
    if not holds:
        raise StoryBroken(what)


async def until(
    look: Callable[[], Awaitable[ValueT | None]], what: str, seconds: float = 20.0
) -> ValueT:
    """Look again until something true comes back; `what` says what was waited for."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while True:
        found = await look()
        if found:
            return found
        if loop.time() > deadline:
            raise StoryBroken(f"waited {seconds:.0f} s for {what}")
        await asyncio.sleep(LOOK_SECONDS)
