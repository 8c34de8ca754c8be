"""One run per directory among all processes: a lease that is renewed while work goes on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from rse.kernel import clock, schedule
from rse.kernel.models import Lease

HELD = timedelta(seconds=90)
RENEW_SECONDS = 20.0


class AlreadyRunning(Exception):
    """Another process, or another task of this one, has the directory in its hands."""


class LeaseLost(Exception):
    """This process slept longer than its lease; somebody else may be at work, so it must stop."""


def _name(directory: str) -> str:
    return f"ldap:{directory}"


@asynccontextmanager
async def held(directory: str) -> AsyncIterator[None]:
    """Hold a directory for the length of the block; AlreadyRunning when somebody else does."""
    if not await schedule.hold(_name(directory), HELD):
        raise AlreadyRunning(directory)
    renewing = asyncio.create_task(_keep(directory), name=f"lease {directory}")
    try:
        yield
    finally:
        renewing.cancel()
        with suppress(asyncio.CancelledError, LeaseLost):
            await renewing
        await schedule.release(_name(directory))


async def _keep(directory: str) -> None:
    while True:
        await asyncio.sleep(RENEW_SECONDS)
        await renew(directory)


async def renew(directory: str) -> None:
    """Called inside each transaction that applies changes, so that only the holder can commit."""
    now = clock.now()
    kept = await Lease.filter(name=_name(directory), holder=schedule.HOLDER, until__gt=now).update(
        until=now + HELD
    )
    if not kept:
        raise LeaseLost(directory)
