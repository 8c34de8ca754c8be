"""What the spectator sees: one line a step, then the count."""

import sys
import time
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tests.journey.waiting import StoryBroken

WIDTH = 96


@dataclass
class Report:
    """Plays steps one after the other and remembers how they went."""

    passed: int = 0
    failed: int = 0
    is_closed: bool = False
    _started: float = field(default_factory=time.monotonic)

    @property
    def total(self) -> int:
        return self.passed + self.failed

    async def play(self, title: str, step: Callable[[], Awaitable[str]]) -> bool:
        """Play one step; print ✓ or ✗ with what happened and how long it took."""
        started = time.monotonic()
        try:
            happened = await step()
        except StoryBroken as broken:
            self._line("✗", title, started, str(broken))
            self.failed += 1
            return False
        except Exception:  # boundary: whatever breaks a step, the story is told to its end
            self._line("✗", title, started, traceback.format_exc(limit=-3))
            self.failed += 1
            return False
        self._line("✓", title, started, happened)
        self.passed += 1
        return True

    def close(self) -> None:
        """The count, alone on its line."""
        self.is_closed = True
        print(f"\nPlayed in {time.monotonic() - self._started:.1f} s")
        print(f"{self.passed} passed, {self.failed} failed", flush=True)

    def _line(self, mark: str, title: str, started: float, words: str) -> None:
        took = f"{time.monotonic() - started:5.2f} s"
        print(f"{mark} {self.total + 1:2}  {title:<{WIDTH - 16}} {took}")
        for line in words.splitlines():
            print(f"        {line}")
        sys.stdout.flush()
