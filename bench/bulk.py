"""Millions of posts written by the database itself: a row at a time from Python takes an hour."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import orjson
from tortoise.connection import get_connection

from rse.kernel import db

# The posts' spaces: a fixed walk through the numbers below a prime, cubed, so that few spaces are
# lively. Whole numbers alone, and none above 63 bits: every engine and Python agree on them.
PRIME, STRIDE, START = 65_521, 40_503, 12_345
CHUNK = 250_000


def place(number: int, posts: int, spaces: int, dead: int) -> int:
    """The space of a post: few are lively, many are not, the last ones died early."""
    if number <= posts // 25:
        return 1 + number % spaces
    walked = (number * STRIDE + START) % PRIME
    return 1 + min(spaces * walked**3 // PRIME**3, spaces - dead - 1)


def place_sql(posts: int, spaces: int, dead: int) -> str:
    """The same for the database's `n.i`."""
    walked = f"((n.i * {STRIDE} + {START}) % {PRIME})"
    lively = f"{spaces} * {walked} * {walked} * {walked} / {PRIME**3}"
    most = spaces - dead - 1
    return (
        f"CASE WHEN n.i <= {posts // 25} THEN 1 + n.i % {spaces}"
        f" WHEN {lively} < {most} THEN 1 + {lively} ELSE 1 + {most} END"
    )


async def write(table: str, columns: dict[str, str], defaults: dict[str, Any], rows: int) -> None:
    """Write `rows` rows; each column is SQL over `n.i`, the row's number from 0."""
    said = {name: literal(value) for name, value in defaults.items()} | columns
    names, values = ", ".join(said), ", ".join(said.values())
    connection = get_connection("default")
    for first in range(0, rows, CHUNK):
        numbers = _numbers(first, min(first + CHUNK, rows) - 1)
        await connection.execute_query(f"INSERT INTO {table} ({names}) SELECT {values} {numbers}")


def _numbers(first: int, last: int) -> str:
    if db.dialect() == "postgres":
        return f"FROM generate_series({first}::bigint, {last}::bigint) AS n(i)"
    return (
        f"FROM (WITH RECURSIVE n(i) AS (VALUES ({first}) UNION ALL SELECT i + 1 FROM n"
        f" WHERE i < {last}) SELECT i FROM n) AS n"
    )


def literal(value: object) -> str:
    """A value as SQL that both engines read."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return str(value)
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return "'" + text.replace("'", "''") + "'"


def typed(sql: str, kind: str) -> str:
    """PostgreSQL takes an expression for text where its column is JSON or a time."""
    return f"CAST({sql} AS {kind})" if db.dialect() == "postgres" else sql


@asynccontextmanager
async def without_indexes(*tables: str) -> AsyncGenerator[None]:
    """Indexes are made once, when all rows are there: sorted, not one by one."""
    connection = get_connection("default")
    marks = ", ".join(map(literal, tables))
    _, found = await connection.execute_query(
        _INDEXES_POSTGRES.format(marks)
        if db.dialect() == "postgres"
        else _INDEXES_SQLITE.format(marks)
    )
    if db.dialect() == "sqlite":
        await connection.execute_query("PRAGMA synchronous=OFF")
        await connection.execute_query("PRAGMA cache_size=-524288")
    for index in found:
        await connection.execute_query(f'DROP INDEX "{index["name"]}"')
    yield
    for index in found:
        await connection.execute_query(index["text"])
    if db.dialect() == "sqlite":
        await connection.execute_query("PRAGMA synchronous=FULL")
        await connection.execute_query("PRAGMA cache_size=-65536")


_INDEXES_SQLITE = (
    "SELECT name, sql AS text FROM sqlite_master"
    " WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({})"
)
_INDEXES_POSTGRES = (
    "SELECT i.indexname AS name, i.indexdef AS text FROM pg_indexes i"
    " WHERE i.schemaname = 'public' AND i.tablename IN ({})"
    " AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)"
)
