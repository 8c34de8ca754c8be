"""Rate limits: so many hits per key and window, in memory or, between processes, in Redis."""

import time
from collections import OrderedDict
from typing import Protocol

from .errors import TooMany
from .i18n import gettext as _

MAX_KEYS = 100_000


class Counter(Protocol):
    async def add(self, key: str, seconds: int) -> tuple[int, int]:
        """Count one hit; how many in the window now, and its remaining seconds."""
        ...

    async def clear(self, key: str) -> None: ...


class MemoryCounter:
    """Fixed windows in this process; the oldest keys go first when there are too many."""

    def __init__(self) -> None:
        self._windows: OrderedDict[str, tuple[float, int]] = OrderedDict()

    async def add(self, key: str, seconds: int) -> tuple[int, int]:
        now = time.monotonic()
        end, count = self._windows.get(key, (0.0, 0))
        if end <= now:
            end, count = now + seconds, 0
        self._windows[key] = (end, count + 1)
        self._windows.move_to_end(key)
        while len(self._windows) > MAX_KEYS:
            self._windows.popitem(last=False)
        return count + 1, max(1, round(end - now))

    async def clear(self, key: str) -> None:
        self._windows.pop(key, None)

    def reset(self) -> None:
        self._windows.clear()


memory = MemoryCounter()
_counter: Counter = memory


def use(counter: Counter) -> None:
    """Count elsewhere, for more than one process."""
    global _counter  # noqa: PLW0603 - one counter per process
    _counter = counter


async def hit(key: str, limit: int, seconds: int) -> None:
    """Count one hit of `key`; TooMany when there were more than `limit` in `seconds`."""
    count, remaining = await _counter.add(key, seconds)
    if count > limit:
        raise TooMany(_("Too many tries. Wait a moment and try again."), remaining)


async def forgive(key: str) -> None:
    """Forget the hits of a key, after a success."""
    await _counter.clear(key)
