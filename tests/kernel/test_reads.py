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
