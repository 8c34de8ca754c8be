"""Clockwork: what runs again and again, once among all processes."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_hex

from tortoise.exceptions import IntegrityError

from . import clock, logs
from .models import Lease

log = logging.getLogger(__name__)

HOLDER = token_hex(8)


@dataclass(frozen=True)
class Timed:
    """Something that runs every `seconds`."""

    name: str
    seconds: float
    run: Callable[[], Awaitable[None]]


async def keep_time(timed: Sequence[Timed]) -> None:
    """Run each entry on time until cancelled; a failure is logged and tried again next time."""
    async with asyncio.TaskGroup() as group:
        for entry in timed:
            group.create_task(_repeat(entry))


async def _repeat(entry: Timed) -> None:
    while True:
        await asyncio.sleep(min(entry.seconds, 60))
        if await _is_due(entry):
            await run_once(entry)


async def run_once(entry: Timed) -> None:
    """Run one entry now, logging what goes wrong."""
    with logs.context(job=entry.name):
        try:
            await entry.run()
        except Exception:  # boundary: the clock goes on when one entry fails
            log.exception("scheduled work failed", extra={"entry": entry.name})


async def _is_due(entry: Timed) -> bool:
    """Take this round's turn: exactly one process gets True."""
    now = clock.now()
    if not await Lease.filter(name=entry.name).exists():
        try:
            await Lease.create(name=entry.name, until=now)
        except IntegrityError:
            return False
    # A tenth early is on time: sleeps never end on the dot.
    taken = await Lease.filter(name=entry.name, until__lte=now).update(
        holder=HOLDER, until=now + timedelta(seconds=entry.seconds * 0.9), last_run_at=now
    )
    return taken == 1


async def hold(name: str, duration: timedelta) -> bool:
    """Take the named right for `duration`; False when somebody holds it."""
    now = clock.now()
    await Lease.get_or_create(name=name, defaults={"until": now})
    return (
        await Lease.filter(name=name, until__lte=now).update(holder=HOLDER, until=now + duration)
        == 1
    )


async def release(name: str) -> None:
    """Give the named right back early."""
    await Lease.filter(name=name, holder=HOLDER).update(until=clock.now())


async def release_turns() -> None:
    """Give back what a killed process held; only where there is no other process.

    What runs by the clock keeps its time: those rows have run before.
    """
    await Lease.filter(last_run_at__isnull=True).update(until=clock.now())
