"""The door for the hot, hand-written reads: typed rows on both engines.

On SQLite a bounded, indexed read runs in the loop thread on a read-only connection: a thread hop
costs several times the read. A read that lasts over 5 ms is aborted and done again in a thread, so
that a mistake in a query slows one reader and not everybody. PostgreSQL needs no hop.
"""

import asyncio
import re
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Any, TypeVar

from tortoise.connection import ConnectionHandler, get_connection, get_connections
from tortoise.queryset import QuerySet
from tortoise.transactions import in_transaction

RowT = TypeVar("RowT")

ABORT_AFTER_SECONDS = 0.005
_OPCODES_BETWEEN_LOOKS = 2000
MOST_SETTLED = 2000
_PLACEHOLDER = re.compile(r"\?")

counter: ContextVar[list[str] | None] = ContextVar("counted_reads", default=None)
_known: ContextVar[dict[tuple[str, tuple[Any, ...]], list[Any]] | None] = ContextVar(
    "known_reads", default=None
)


class Reader:
    """One read-only SQLite connection with a deadline on each statement."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._connection = self._open()
        self._connection.set_progress_handler(self._look, _OPCODES_BETWEEN_LOOKS)
        self._deadline = 0.0
        self._settled: dict[tuple[str, tuple[Any, ...]], list[tuple[Any, ...]]] = {}
        self._commits: list[tuple[Any, ...]] | None = None

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        connection.execute("PRAGMA query_only=1")
        connection.execute("PRAGMA cache_size=-65536")
        connection.execute("PRAGMA mmap_size=4294967296")
        return connection

    def _look(self) -> int:
        return int(time.perf_counter() > self._deadline)

    def read(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]] | None:
        """All rows; None when the deadline passed."""
        self._deadline = time.perf_counter() + ABORT_AFTER_SECONDS
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.OperationalError as error:
            if "interrupted" in str(error):
                return None
            raise

    def settled(self, sql: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]] | None:
        """All rows, from memory as long as no connection has committed anything since."""
        # SQLite counts for each connection what others commit. The count is taken before the rows:
        # what is committed in between is read, and read again.
        commits = self.read("PRAGMA data_version", ())
        if commits is None or commits != self._commits or len(self._settled) >= MOST_SETTLED:
            self._settled.clear()
            self._commits = commits
        found = self._settled.get((sql, values))
        if found is None and (found := self.read(sql, values)) is not None:
            self._settled[sql, values] = found
        return found

    def read_slowly(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        connection = self._open()
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def close(self) -> None:
        self._connection.close()


_reader: Reader | None = None
_connections: ConnectionHandler | None = None
_dialect = "sqlite"
_postgres_texts: dict[str, str] = {}


async def open_reader(url: str) -> None:
    """Prepare the door for the database that was just connected."""
    global _reader, _dialect, _connections  # noqa: PLW0603 - one database per process
    _connections = get_connections()  # asked for once: finding it costs as much as a small read
    _dialect = "sqlite" if url.startswith("sqlite:") else "postgres"
    if _dialect == "sqlite":
        await get_connection("default").execute_query("SELECT 1")  # makes the file
        _reader = Reader(url.removeprefix("sqlite://").partition("?")[0])


async def close_reader() -> None:
    global _reader, _connections  # noqa: PLW0603
    if _reader:
        _reader.close()
    _reader = _connections = None


async def rows(kind: Callable[..., RowT], sql: str, *values: Any) -> list[RowT]:
    """The rows of `sql` as `kind(*columns)`; "?" is the placeholder on both engines."""
    counted = counter.get()
    if counted is not None:
        counted.append(sql)
    return [kind(*found) for found in await _fetch(sql, values)]


async def settled_rows(kind: Callable[..., RowT], sql: str, *values: Any) -> list[RowT]:
    """The same for what nearly every request asks, be it for a page, a picture or a signal.

    On SQLite it is read again as soon as anything was written, and not before.
    """
    counted = counter.get()
    if counted is not None:
        counted.append(sql)
    return [kind(*found) for found in await _fetch(sql, values, settled=True)]


async def planned_rows(kind: Callable[..., RowT], sql: str, *values: Any) -> list[RowT]:
    """The same for a search, whose best way depends on what is asked for.

    After five times PostgreSQL plans a statement once for all values, as if each word were common:
    a rare one then reads the whole table.
    """
    if not is_postgres():
        return await rows(kind, sql, *values)
    async with in_transaction() as connection:
        await connection.execute_query("SET LOCAL plan_cache_mode = force_custom_plan")
        return await rows(kind, sql, *values)


async def rows_once(
    kind: Callable[..., RowT], sql: str, *values: Any, settled: bool = False
) -> list[RowT]:
    """As `rows`, for what several parts of one page ask: once a request, until it writes."""
    known, ask = _known.get(), settled_rows if settled else rows
    if known is None:
        return await ask(kind, sql, *values)
    if (sql, values) not in known:
        known[sql, values] = await ask(kind, sql, *values)
    return known[sql, values]


def asked_before(sql: str, *values: Any) -> list[Any] | None:
    """What `rows_once` found in this request, if it was asked."""
    known = _known.get()
    return known.get((sql, values)) if known else None


def begin_request() -> None:
    """What this task asks from here on belongs to one short request."""
    _known.set({})


def forget_known() -> None:
    """Ask anew: something was written."""
    if known := _known.get():
        known.clear()


async def row(kind: Callable[..., RowT], sql: str, *values: Any) -> RowT | None:
    """The first row, or None."""
    found = await rows(kind, sql, *values)
    return found[0] if found else None


async def _fetch(
    sql: str, values: tuple[Any, ...], *, settled: bool = False
) -> Sequence[Sequence[Any]]:
    connection = _connections.get("default") if _connections else get_connection("default")
    if _dialect == "postgres":
        _, found = await connection.execute_query(in_dialect(sql), list(values))
        return [tuple(record.values()) for record in found]
    if _reader is None or hasattr(connection, "_finalized"):  # read your own writes
        _, found = await connection.execute_query(sql, list(values))
        return [tuple(record) for record in found]
    quick = (_reader.settled if settled else _reader.read)(sql, values)
    if quick is None:
        return await asyncio.to_thread(_reader.read_slowly, sql, values)
    return quick


def in_dialect(sql: str) -> str:
    """PostgreSQL's $1, $2 … for our "?". No query of ours holds a literal question mark."""
    if _dialect != "postgres":
        return sql
    text = _postgres_texts.get(sql)
    if text is None:
        number = iter(range(1, 1000))
        text = _postgres_texts[sql] = _PLACEHOLDER.sub(lambda _match: f"${next(number)}", sql)
    return text


def sqlite_path() -> str:
    """The file of the embedded database; empty on PostgreSQL."""
    return _reader.path if _reader else ""


def is_postgres() -> bool:
    """For the few reads whose text differs between the engines."""
    return _dialect == "postgres"


async def ids(query: QuerySet[Any], column: str = "id") -> list[int]:
    """One column of ids of a query, as plain numbers."""
    return [int(found[0]) for found in await query.values_list(column)]
