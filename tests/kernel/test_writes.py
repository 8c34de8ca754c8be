"""The door for hot writes: all or nothing, each on its own; what follows is for the worker."""

import asyncio
from dataclasses import dataclass

import pytest
from tortoise.exceptions import IntegrityError

from rse.kernel.db import transaction
from rse.kernel.events import Event, subscriptions
from rse.kernel.ids import new_id
from rse.kernel.jobs import drain
from rse.kernel.models import LiveSetting, OutboxJob
from rse.kernel.writes import Statement, write

pytestmark = pytest.mark.usefixtures("app")


@dataclass(frozen=True, slots=True)
class Written(Event):
    name = "tests.written"
    number: int


def setting(name: str) -> Statement:
    return "INSERT INTO live_setting (id, name, value) VALUES (?, ?, '1')", (new_id(), name)


async def names() -> list[str]:
    return [row.name for row in await LiveSetting.all().order_by("name")]


async def test_statements_are_kept_together_or_not_at_all() -> None:
    await write(setting("a"), setting("b"))
    with pytest.raises(IntegrityError):
        await write(setting("c"), setting("a"))
    assert await names() == ["a", "b"]


async def test_of_many_at_once_only_the_wrong_one_fails() -> None:
    ends = await asyncio.gather(
        *(write(setting(name)) for name in "abcbde"), return_exceptions=True
    )
    assert [type(end) for end in ends if end is not None] == [IntegrityError]
    assert await names() == list("abcde")


async def test_it_takes_its_turn_beside_transactions() -> None:
    async def change(name: str) -> None:
        async with transaction():
            await LiveSetting.create(name=name, value=1)
            await asyncio.sleep(0.01)

    await asyncio.gather(*(change(f"t{n}") for n in range(5)), *(write(setting(n)) for n in "abc"))
    assert len(await names()) == 8


async def test_inside_a_transaction_it_is_a_part_of_it() -> None:
    async def fail() -> None:
        async with transaction():
            await write(setting("a"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert await names() == []


async def test_a_caller_who_goes_away_takes_nobody_s_write_along() -> None:
    leaving = asyncio.create_task(write(setting("a")))
    staying = asyncio.create_task(write(setting("b")))
    await asyncio.sleep(0)
    leaving.cancel()
    await staying
    assert "b" in await names()


async def test_what_follows_from_its_event_is_left_to_the_worker() -> None:
    seen = []

    async def subscriber(event: Written) -> None:
        seen.append(event.number)

    subscriptions.add(Written, subscriber)
    await write(setting("a"), event=Written(7))
    assert await OutboxJob.all().count() == 1
    await drain()
    assert seen == [7]
