"""A point in time after which an operation is over; it can be moved to now from another thread."""

import time


class Deadline:
    """Shared by the thread that works and the loop that may lose interest."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        return max(0.0, self._end - time.monotonic())

    def cancel(self) -> None:
        self._end = 0.0
