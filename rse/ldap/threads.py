"""Where blocking directory work runs: own threads, a deadline, a limit on the queue."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from rse.ldap.deadline import Deadline
from rse.ldap.errors import DirectoryDown

T = TypeVar("T")
SIGN_IN_THREADS, MAX_WAITING = 8, 64


class Threads:
    """A pool; beyond `most` jobs it refuses at once rather than let everybody wait."""

    def __init__(self, name: str, threads: int, most: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._most, self._jobs = most, 0

    async def run(self, work: Callable[[Deadline], T], seconds: float) -> T:
        """Run blocking work; when time is up or the caller gone, its connection gives up too."""
        if self._jobs >= self._most:
            raise DirectoryDown("too many requests to the directory wait already")
        deadline = Deadline(seconds)
        self._jobs += 1
        job = asyncio.get_running_loop().run_in_executor(self._pool, work, deadline)
        job.add_done_callback(self._done)
        try:
            async with asyncio.timeout(seconds + 1):
                return await job
        except TimeoutError as error:
            raise DirectoryDown("the directory took too long") from error
        finally:
            deadline.cancel()

    def _done(self, _job: object) -> None:
        self._jobs -= 1


sign_ins = Threads("directory-sign-in", SIGN_IN_THREADS, MAX_WAITING)
readings = Threads("directory-reading", 2, 8)
