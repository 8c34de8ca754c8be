"""The door for the hot, hand-written writes: a few statements committed together, in one step.

An ORM's transaction of five statements is seven hops to SQLite's thread, or seven round trips to
PostgreSQL. Here it is one. On SQLite whatever waits meanwhile is committed together, so that a
commit that waits for the disk serves all of them.
"""

import asyncio
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from tortoise.backends.base.client import TransactionalDBClient
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError

from . import clock, db, reads
from .events import Event, lane_of, subscriptions
from .ids import new_id

Statement = tuple[str, Sequence[Any]]
_PRAGMAS = db.SQLITE_PRAGMAS.replace("&", ";PRAGMA ")

JOB = """
INSERT INTO outbox_job (id, subscriber, payload, lane, attempts, due_at, last_error)
VALUES (?, ?, ?, ?, 0, ?, '')
"""


async def write(*statements: Statement, event: Event | None = None) -> None:
    """Commit all or nothing, durable on return; IntegrityError when a row is there already.

    PostgreSQL runs them as parts of one statement: none may rely on what another one wrote.
    `event` is one without immediate subscribers.
    """
    jobs = _jobs(event) if event else []
    parts = [*statements, *jobs]
    connection = get_connection("default")
    if isinstance(connection, TransactionalDBClient):
        for sql, values in parts:
            await connection.execute_query(reads.in_dialect(sql), _encoded(values))
    elif reads.is_postgres():
        sql, values = _joined(parts)
        await connection.execute_query(sql, list(values))
    else:
        await _sqlite().commit(parts)
    if jobs:
        db.wake()


def _jobs(event: Event) -> list[Statement]:
    payload = orjson.dumps({"event": event.name, **event.payload()}).decode()
    return [
        (JOB, (new_id(), key, payload, lane_of(subscriber), clock.now()))
        for key, subscriber in subscriptions.subscribers(type(event)).items()
    ]


def _joined(parts: Sequence[Statement]) -> Statement:
    """One statement of all: each but the last in a WITH."""
    first = ", ".join(f"w{n} AS ({sql})" for n, (sql, _values) in enumerate(parts[:-1]))
    text = f"WITH {first} {parts[-1][0]}" if first else parts[-1][0]
    return reads.in_dialect(text), [value for _sql, values in parts for value in values]


def _encoded(values: Sequence[Any]) -> list[Any]:
    """Times as the ORM writes them: text on SQLite."""
    if reads.is_postgres():
        return list(values)
    return [v.isoformat(" ") if isinstance(v, datetime) else v for v in values]


@dataclass
class _Waiting:
    parts: Sequence[Statement]
    done: asyncio.Future[None] = field(default_factory=lambda: asyncio.Future())


class Writer:
    """One writing SQLite connection in a thread of its own, for all writes of this kind."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._thread = ThreadPoolExecutor(1, "writes")
        self._connection: sqlite3.Connection | None = None
        self._waiting: list[_Waiting] = []
        self._flush: asyncio.Task[None] | None = None

    async def commit(self, parts: Sequence[Statement]) -> None:
        """Wait until these parts are durable."""
        mine = _Waiting([(sql, _encoded(values)) for sql, values in parts])
        self._waiting.append(mine)
        if self._flush is None or self._flush.done():
            # Not the caller's own task: who goes away must not take others' writes along.
            self._flush = asyncio.create_task(self._commit_waiting())
        await mine.done

    async def close(self) -> None:
        if self._flush:
            await self._flush
        if self._connection:
            self._connection.close()
        self._thread.shutdown()

    async def _commit_waiting(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            # The ORM's lock: two writing connections of a process would only wait for each other.
            async with get_connection("default").acquire_connection():
                batch, self._waiting = self._waiting, []
                try:
                    outcomes = await loop.run_in_executor(self._thread, self._commit, batch)
                except sqlite3.Error as error:
                    outcomes = [error] * len(batch)
            for item, outcome in zip(batch, outcomes, strict=True):
                if item.done.done():
                    continue
                if outcome is None:
                    item.done.set_result(None)
                else:
                    item.done.set_exception(outcome)

    def _commit(self, batch: Sequence[_Waiting]) -> list[Exception | None]:
        """In the thread: one transaction, in which one item's failure is its own."""
        connection = self._opened()
        connection.execute("BEGIN IMMEDIATE")
        try:
            outcomes = [self._run(connection, item.parts) for item in batch]
            connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise
        return outcomes

    def _run(self, connection: sqlite3.Connection, parts: Sequence[Statement]) -> Exception | None:
        connection.execute("SAVEPOINT item")
        try:
            for sql, values in parts:
                connection.execute(sql, values)
        except sqlite3.IntegrityError as error:
            connection.execute("ROLLBACK TO item")
            return IntegrityError(error)
        finally:
            connection.execute("RELEASE item")
        return None

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = sqlite3.connect(
                self.path, isolation_level=None, check_same_thread=False, cached_statements=64
            )
            self._connection.executescript(f"PRAGMA {_PRAGMAS};PRAGMA foreign_keys=ON")
        return self._connection


_writer: Writer | None = None


def _sqlite() -> Writer:
    global _writer  # noqa: PLW0603 - one database per process
    path = reads.sqlite_path()
    if _writer is None or _writer.path != path:
        _writer = Writer(path)
    return _writer


async def close() -> None:
    """Before the database is closed."""
    global _writer  # noqa: PLW0603
    if _writer:
        await _writer.close()
    _writer = None
