"""queue: jobs are leased in batches, and a worker that dies loses none and doubles none."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta

from bench import world
from bench.frame import Prepared, workload
from rse.kernel import clock, jobs
from rse.kernel.db import transaction
from rse.kernel.events import Event, subscriptions
from rse.kernel.models import OutboxJob

CRASH_JOBS = 500
_heard: list[int] = []


@dataclass(frozen=True, slots=True)
class Rang(Event):
    name = "bench.rang"
    number: int


async def listen(event: Rang) -> None:
    _heard.append(event.number)


async def _ring(first: int, times: int) -> None:
    async with transaction() as change:
        for number in range(first, first + times):
            change.record(Rang(number))


async def _opened() -> AsyncExitStack:
    stack = AsyncExitStack()
    await stack.enter_async_context(world.instance())
    await OutboxJob.all().delete()
    subscriptions.add(Rang, listen)
    _heard.clear()
    return stack


@workload("put 20 jobs in the outbox and run them")
async def queue_twenty() -> Prepared:
    stack = await _opened()

    async def ring_and_run() -> None:
        await _ring(0, 20)
        await jobs.drain()

    return Prepared(ring_and_run, rounds_of=20, close=stack.aclose)


@workload("run jobs whose worker died after it had leased them")
async def queue_crash_recovery() -> Prepared:
    stack = await _opened()
    await _ring(0, CRASH_JOBS)
    leased = 0
    for _batch in range(3):  # a worker takes three batches and dies before it runs one
        leased += len(await jobs.lease(jobs.BATCH))
    await jobs.drain()
    before = len(_heard)
    clock.shift(jobs.LEASE + timedelta(seconds=1))
    await jobs.drain()
    clock.reset()
    lost, twice = CRASH_JOBS - len(set(_heard)), len(_heard) - len(set(_heard))
    counts: dict[str, int | float | str] = {
        "leased by the dead": leased, "run before": before, "lost": lost, "run twice": twice,
    }  # fmt: skip
    assert (lost, twice) == (0, 0), counts

    async def one() -> None:
        await _ring(0, 1)
        await jobs.drain()

    return Prepared(one, rounds_of=20, counts=counts, close=stack.aclose)
