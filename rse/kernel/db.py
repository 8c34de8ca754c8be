"""One way to change the database: `async with transaction() as change`."""

from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from tortoise import Tortoise
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from . import reads
from .events import Event, is_immediate, lane_of, subscriptions
from .models import OutboxJob

SQLITE_PRAGMAS = (
    "journal_mode=WAL&synchronous=FULL&busy_timeout=5000&cache_size=-65536&temp_store=MEMORY"
)
MIGRATIONS = "rse.migrations"


@dataclass
class Change:
    """What a transaction will say to the rest of the system."""

    events: list[Event] = field(default_factory=list)
    callbacks: list[Callable[[], None]] = field(default_factory=list)

    def record(self, event: Event) -> None:
        """Remember a fact; its subscribers run once the change is committed."""
        self.events.append(event)

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Call `callback` when all of it is durable. It must not raise."""
        self.callbacks.append(callback)


_current: ContextVar[Change | None] = ContextVar("current_change", default=None)
_waking: list[Callable[[], None]] = []


def wake_with(callback: Callable[[], None]) -> None:
    """Have `callback` called after each commit that left jobs: the worker's alarm clock."""
    _waking.append(callback)


def wake() -> None:
    """Jobs were left for the worker."""
    for callback in _waking:
        callback()


def inside_transaction() -> bool:
    return _current.get() is not None


@asynccontextmanager
async def transaction() -> AsyncGenerator[Change]:
    """Commit the block's writes and its events together, or neither.

    Nested blocks are savepoints; what they ask for after commit waits for the outermost one.
    """
    outer, change = _current.get(), Change()
    token = _current.set(change)
    try:
        async with writing(is_outermost=outer is None):
            yield change
            await _run_immediate(change)
            jobs = _jobs_for(change)
            if jobs:
                await OutboxJob.bulk_create(jobs)
    finally:
        _current.reset(token)
        reads.forget_known()
    if jobs:
        change.callbacks += _waking
    if outer:  # a savepoint is not a commit
        outer.callbacks += change.callbacks
    else:
        for callback in change.callbacks:
            callback()


@asynccontextmanager
async def writing(*, is_outermost: bool = True) -> AsyncGenerator[None]:
    """A database transaction that is going to write."""
    async with in_transaction() as connection:
        if is_outermost and dialect() == "sqlite":
            # One that reads first is refused its first write, without any waiting, when another
            # process (a command beside `rse serve`) wrote meanwhile: take the lock at once.
            await connection.execute_query("UPDATE outbox_job SET due_at = due_at WHERE 0")
        yield


def _jobs_for(change: Change) -> list[OutboxJob]:
    """One job per event and subscriber, so that one failing subscriber holds up no other."""
    return [
        OutboxJob(
            subscriber=key,
            payload={"event": event.name, **event.payload()},
            lane=lane_of(subscriber),
        )
        for event in change.events
        for key, subscriber in subscriptions.subscribers(type(event)).items()
        if not is_immediate(subscriber)
    ]


async def _run_immediate(change: Change) -> None:
    """Run what must be true together with the change. It may record further events."""
    for event in change.events:  # grows while it is walked
        for subscriber in subscriptions.subscribers(type(event)).values():
            if is_immediate(subscriber):
                await subscriber(event)


def configuration(url: str, modules: Iterable[str]) -> dict[str, Any]:
    """Tortoise's own configuration for our one database and one application label."""
    if url.startswith("sqlite://"):
        url = f"{url}{'&' if '?' in url else '?'}{SQLITE_PRAGMAS}"
    return {
        "connections": {"default": url},
        "apps": {
            "rse": {
                "models": list(modules),
                "default_connection": "default",
                "migrations": MIGRATIONS,
            }
        },
        "use_tz": True,
        "timezone": "UTC",
    }


async def connect(url: str, modules: Iterable[str]) -> None:
    """Open the database. `url` is sqlite://path or postgres://user:word@host/name."""
    # Quart serves requests in other tasks than start-up: without the fallback they find no
    # database. One application per process, so one global is right.
    await Tortoise.init(config=configuration(url, modules), _enable_global_fallback=True)
    await reads.open_reader(url)


async def disconnect() -> None:
    """Close every connection; an open one keeps the process alive after SIGTERM."""
    await reads.close_reader()
    await Tortoise.close_connections()


def dialect() -> str:
    """`sqlite` or `postgres`."""
    return str(get_connection("default").capabilities.dialect)
