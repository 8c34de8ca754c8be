"""What every process opens before it works, and closes after: key, files, database, client."""

import asyncio
import logging
import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

from rse.config import ConfigError, Settings, use
from rse.kernel import crypto, db, http, jobs, logs, migrate, redis, schedule, storage, writes
from rse.kernel.ids import mint
from rse.parts import model_modules, parts, plug_in
from rse.parts import schedule as timed_work

log = logging.getLogger(__name__)


@asynccontextmanager
async def opened(
    settings: Settings, *, migrating: bool | None = None, alone: bool = False
) -> AsyncGenerator[None]:
    """Open the instance that `settings` describe; one per process.

    The embedded database is brought to the present schema by itself, any other only by
    `rse migrate` (`migrating`): several processes may start at once there. `alone` is for the one
    process that serves an embedded instance; a command beside it makes ids under another number.
    """
    use(settings)
    mint.node = _node(settings, alone=alone)
    logs.configure(settings.log.level, as_json=settings.log.json_lines)
    data = settings.server.data_dir
    data.mkdir(parents=True, exist_ok=True)
    crypto.open_master_key(data / "master.key")
    storage.open_store(data / "blobs")
    http.open_client(settings.network.allowed_private)
    redis.open_client(settings.redis.url, settings.host)
    plug_in()
    await db.connect(_database_url(settings), model_modules())
    try:
        await _schema(settings, migrating=migrating)
        for part in parts():
            if part.start:
                await part.start()
        yield
    finally:
        for part in reversed(parts()):
            if part.stop:
                await part.stop()
        await redis.close_client()
        await http.close_client()
        await writes.close()
        await db.disconnect()


async def _schema(settings: Settings, *, migrating: bool | None) -> None:
    embedded = settings.database_url.startswith("sqlite:")
    if migrating or (migrating is None and embedded):
        await migrate.migrate(model_modules(), lambda name: log.info("migrating to %s", name))
    elif migrating is None and await migrate.pending(model_modules()):
        raise ConfigError("The database is not at the present schema. Run: rse migrate")


def _node(settings: Settings, *, alone: bool) -> int:
    if settings.server.node is not None:
        return settings.server.node
    embedded = settings.database_url.startswith("sqlite:")
    return 0 if alone and embedded else 1 + secrets.randbelow(1023)


def _database_url(settings: Settings) -> str:
    url = settings.database_url
    if url.startswith("postgres"):
        pool = settings.database.pool
        return f"{url}{'&' if '?' in url else '?'}minsize={pool}&maxsize={pool}"
    return url


@asynccontextmanager
async def working() -> AsyncGenerator[None]:
    """Run the outbox and the schedule beside the block; stop them cleanly after it."""
    if db.dialect() == "sqlite":  # one process, so whoever held a lease is dead
        await jobs.release_leases()
        await schedule.release_turns()
    worker = jobs.Worker()
    db.wake_with(worker.wake)
    running = [
        asyncio.create_task(worker.run(), name="outbox"),
        asyncio.create_task(schedule.keep_time(timed_work()), name="schedule"),
    ]
    try:
        yield
    finally:
        worker.stop()
        running[1].cancel()
        with suppress(asyncio.CancelledError, TimeoutError):
            await asyncio.wait_for(running[0], 5)
        with suppress(asyncio.CancelledError):
            await running[1]
