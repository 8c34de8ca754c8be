"""A change and what follows from it: both or neither, and once more after a crash."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta

import pytest
from quart import Quart

from rse.config import Settings
from rse.kernel import clock
from rse.kernel.db import dialect, transaction
from rse.kernel.events import Event, ordered, subscriptions
from rse.kernel.jobs import drain, lease
from rse.kernel.models import LiveSetting, OutboxJob

pytestmark = pytest.mark.usefixtures("app")
heard: list[int] = []
failing: set[int] = set()


@dataclass(frozen=True, slots=True)
class Rang(Event):
    name = "test.rang"
    number: int


async def listen(event: Rang) -> None:
    heard.append(event.number)


@ordered
async def listen_in_order(event: Rang) -> None:
    if event.number in failing:
        raise RuntimeError("not now")
    heard.append(event.number)


@pytest.fixture(autouse=True)
def _subscribed() -> None:
    heard.clear()
    failing.clear()
    subscriptions._by_event.pop(Rang, None)


async def ring(number: int) -> None:
    async with transaction() as change:
        change.record(Rang(number))


async def change_and_fail() -> None:
    async with transaction() as change:
        await LiveSetting.create(name="x", value=1)
        change.record(Rang(2))
        raise RuntimeError


async def test_a_subscriber_hears_of_a_committed_change() -> None:
    subscriptions.add(Rang, listen)
    await ring(1)
    await drain()
    assert heard == [1]
    assert await OutboxJob.all().count() == 0


async def test_a_change_that_is_rolled_back_is_not_spoken_of() -> None:
    subscriptions.add(Rang, listen)
    with pytest.raises(RuntimeError):
        await change_and_fail()
    await drain()
    assert heard == []
    assert not await LiveSetting.exists(name="x")


async def test_a_rolled_back_savepoint_keeps_the_rest() -> None:
    subscriptions.add(Rang, listen)
    async with transaction() as outer:
        outer.record(Rang(1))
        with pytest.raises(RuntimeError):
            await change_and_fail()
    await drain()
    assert heard == [1]


async def test_a_failing_ordered_job_holds_what_stands_behind_it() -> None:
    subscriptions.add(Rang, listen_in_order)
    failing.add(1)
    await ring(1)
    await ring(2)
    await drain()
    assert heard == []
    failing.clear()
    clock.shift(timedelta(hours=1))
    await drain()
    assert heard == [1, 2]


async def test_a_job_whose_worker_died_runs_again_when_its_lease_ends() -> None:
    subscriptions.add(Rang, listen)
    await ring(1)
    assert len(await lease(5)) == 1  # and the worker dies here
    await drain()
    assert heard == []
    clock.shift(timedelta(minutes=6))
    await drain()
    assert heard == [1]


async def test_the_application_starts(app: Quart) -> None:
    assert app.name == "rse"


async def test_another_process_waits_for_a_change_that_has_only_read_so_far(
    settings: Settings,
) -> None:
    if dialect() != "sqlite":
        return  # rows are locked there, not the database
    place = settings.database_url.removeprefix("sqlite://")
    with closing(sqlite3.connect(place, timeout=0, isolation_level=None)) as other:
        async with transaction():
            await LiveSetting.all().count()
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
            await LiveSetting.create(name="mine", value=1)
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
    assert await LiveSetting.exists(name="mine")
