"""The only clock: aware UTC, and a test may move it."""

from datetime import UTC, datetime, timedelta

_offset = timedelta()


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC) + _offset


def shift(by: timedelta) -> None:
    """Move the clock of this process; for tests of deadlines."""
    global _offset  # noqa: PLW0603 - one clock per process is the point
    _offset += by


def reset() -> None:
    """Back to the machine's time."""
    global _offset  # noqa: PLW0603
    _offset = timedelta()
