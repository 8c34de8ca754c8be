"""The door of the hot reads: typed, bounded, and true inside a transaction."""

from typing import NamedTuple

import pytest

from rse.kernel import reads
from rse.kernel.db import dialect, transaction
from rse.kernel.models import LiveSetting

pytestmark = pytest.mark.usefixtures("app")


class Row(NamedTuple):
    name: str
    number: int


async def test_rows_come_as_the_type_that_was_asked_for() -> None:
    await LiveSetting.create(name="a", value=1)
    sql = "SELECT name, 7 FROM live_setting WHERE name = ?"
    assert await reads.rows(Row, sql, "a") == [Row("a", 7)]
    assert await reads.row(Row, sql, "b") is None


async def test_a_transaction_reads_what_it_wrote_and_nobody_else_does() -> None:
    sql = "SELECT name, 1 FROM live_setting"
    async with transaction():
        await LiveSetting.create(name="a", value=1)
        assert len(await reads.rows(Row, sql)) == 1
    assert len(await reads.rows(Row, sql)) == 1


async def test_a_read_that_lasts_is_finished_elsewhere_and_still_right() -> None:
    if dialect() != "sqlite":
        return
    sql = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000)"
        " SELECT 'n', count(*) FROM n"
    )
    assert await reads.rows(Row, sql) == [Row("n", 300_000)]


async def test_the_door_only_reads() -> None:
    if dialect() != "sqlite":
        return
    with pytest.raises(Exception, match=r"readonly|read-only"):
        await reads.rows(Row, "DELETE FROM live_setting")


async def test_what_is_settled_is_right_again_after_each_write() -> None:
    sql = "SELECT name, 1 FROM live_setting ORDER BY name"
    assert await reads.settled_rows(Row, sql) == []
    await LiveSetting.create(name="a", value=1)
    assert await reads.settled_rows(Row, sql) == [Row("a", 1)]
    async with transaction():
        await LiveSetting.filter(name="a").update(name="b")
        assert await reads.settled_rows(Row, sql) == [Row("b", 1)]
    assert await reads.settled_rows(Row, sql) == [Row("b", 1)]
    await LiveSetting.all().delete()
    assert await reads.settled_rows(Row, sql) == []


async def test_what_a_transaction_took_back_was_never_settled() -> None:
    sql = "SELECT name, 2 FROM live_setting"
    with pytest.raises(LookupError):
        await _written_and_taken_back(sql)
    assert await reads.settled_rows(Row, sql) == []


async def _written_and_taken_back(sql: str) -> None:
    async with transaction():
        await LiveSetting.create(name="a", value=1)
        assert await reads.settled_rows(Row, sql) == [Row("a", 2)]
        raise LookupError


async def test_what_is_settled_is_not_read_again_while_nobody_writes() -> None:
    if dialect() != "sqlite":
        return
    sql, asked = "SELECT name, 3 FROM live_setting", list[str]()
    assert reads._reader is not None
    reads._reader._connection.set_trace_callback(asked.append)
    for _ in range(3):
        assert await reads.settled_rows(Row, sql) == []
    assert asked.count(sql) == 1
    await LiveSetting.create(name="a", value=1)
    assert await reads.settled_rows(Row, sql) == [Row("a", 3)]
    assert asked.count(sql) == 2


async def test_a_page_that_asked_for_all_is_not_asked_again_for_some() -> None:
    reads.begin_request()
    sql = "SELECT name, 200 FROM live_setting WHERE name = ?"
    assert reads.asked_before(sql, "a") is None
    await LiveSetting.create(name="a", value=1)
    assert await reads.rows_once(Row, sql, "a") == [Row("a", 200)]
    assert reads.asked_before(sql, "a") == [Row("a", 200)]
    async with transaction():
        await LiveSetting.all().delete()
    assert reads.asked_before(sql, "a") is None
