"""Runs outbox jobs, each at least once.

A worker leases jobs by moving their due time ahead, so no transaction stays open while a
subscriber talks to a mail server or another instance. A worker that dies simply lets its leases
run out. Jobs of one lane run one at a time in the order of their events; a failing one holds its
lane until it succeeds.
"""

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta

from tortoise.expressions import F

from . import clock, logs
from .db import writing
from .events import Event, Subscriber, subscriptions
from .models import OutboxJob

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
BATCH = 20
LONGEST_WAIT = timedelta(hours=6)
IDLE_SECONDS = 1.0


class Worker:
    """Leases due jobs and runs them until told to stop."""

    def __init__(self) -> None:
        self._wake = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """There may be work: look now instead of at the next tick."""
        self._wake.set()

    def stop(self) -> None:
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        while not self._stopping:
            self._wake.clear()
            if await run_batch() == 0:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(IDLE_SECONDS):
                        await self._wake.wait()


async def drain(*, limit: int = 1000) -> int:
    """Run every job that is due now, also those it leads to. How many ran."""
    done = 0
    while done < limit and (ran := await run_batch()):
        done += ran
    return done


async def run_batch() -> int:
    """Lease up to BATCH due jobs and run them. How many ran."""
    jobs = await lease(BATCH)
    lanes: dict[str, list[OutboxJob]] = {}
    for job in jobs:
        lanes.setdefault(job.lane or str(job.id), []).append(job)
    await asyncio.gather(*(_run_lane(queue) for queue in lanes.values()))
    return len(jobs)


async def _run_lane(queue: list[OutboxJob]) -> None:
    for position, job in enumerate(queue):
        if not await _run(job):
            # What stands behind a failed job waits for it.
            await OutboxJob.filter(id__in=[later.id for later in queue[position + 1 :]]).update(
                due_at=job.due_at, attempts=F("attempts") - 1
            )
            return


async def _run(job: OutboxJob) -> bool:
    try:
        event, subscriber = _resolve(job)
        with logs.context(job=job.subscriber):
            await subscriber(event)
    except Exception as error:  # boundary: a job that fails is kept, whatever the reason
        log.exception("job failed", extra={"subscriber": job.subscriber, "attempt": job.attempts})
        await _postpone(job, error)
        return False
    await OutboxJob.filter(id=job.id).delete()
    return True


def _resolve(job: OutboxJob) -> tuple[Event, Subscriber]:
    payload = dict(job.payload)
    kind, subscriber = subscriptions.find(job.subscriber, payload.pop("event"))
    make: Callable[..., Event] = kind
    return make(**payload), subscriber


async def _postpone(job: OutboxJob, error: Exception) -> None:
    wait = min(timedelta(seconds=15 * 2 ** min(job.attempts, 12)), LONGEST_WAIT)
    job.due_at = clock.now() + wait * random.uniform(0.8, 1.2)  # noqa: S311 - jitter, not a secret
    job.last_error = f"{type(error).__name__}: {error}"[:2000]
    await job.save(update_fields=["due_at", "last_error"])


async def lease(count: int) -> list[OutboxJob]:
    """Take up to `count` due jobs for LEASE; nobody else gets them until then."""
    now = clock.now()
    if not await OutboxJob.filter(due_at__lte=now).exists():
        return []
    async with writing():
        due = (
            OutboxJob.filter(due_at__lte=now)
            .order_by("id")
            .limit(count)
            .select_for_update(skip_locked=True)
        )
        # Asked apart: a lane that waits for its head must not fill the batch of everybody else.
        jobs = await due.filter(lane="")
        for lane, oldest_id in await _open_lanes(now):
            waiting = await due.filter(lane=lane)
            if waiting and waiting[0].id == oldest_id:
                jobs += waiting
        jobs.sort(key=lambda job: job.id)
        for job in jobs:
            job.attempts += 1
        await OutboxJob.filter(id__in=[job.id for job in jobs]).update(
            attempts=F("attempts") + 1, due_at=now + LEASE
        )
    return jobs


async def _open_lanes(now: datetime) -> list[tuple[str, int]]:
    """Lanes whose oldest job is due, with that job's id."""
    names = (
        OutboxJob.filter(due_at__lte=now).exclude(lane="").distinct().values_list("lane", flat=True)
    )
    found = []
    for name in await names:
        oldest = await OutboxJob.filter(lane=str(name)).order_by("id").first()
        if oldest is not None and oldest.due_at <= now:
            found.append((oldest.lane, oldest.id))
    return found


async def release_leases() -> None:
    """Give back what a killed process had leased; only where there is no other process.

    A job that failed keeps its wait: it has an error, a leased one has none.
    """
    now = clock.now()
    await OutboxJob.filter(due_at__gt=now, last_error="").update(due_at=now)
