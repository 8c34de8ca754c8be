"""Commands that run the instance: serve, worker, migrate, check."""

import argparse
import asyncio
import signal

from hypercorn.asyncio import serve
from hypercorn.config import Config

from rse.app import create_app
from rse.config import Settings
from rse.kernel import migrate
from rse.parts import model_modules
from rse.realtime.hub import hub
from rse.runtime import opened, working


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this module's commands."""
    run = commands.add_parser("serve", help="run the instance: web, and on SQLite everything else")
    run.add_argument("--no-worker", action="store_true", help="leave jobs to `rse worker`")
    run.set_defaults(func=run_server)
    commands.add_parser("worker", help="run jobs and the schedule").set_defaults(func=run_worker)
    step = commands.add_parser("migrate", help="bring the database to the present schema")
    step.add_argument("--plan", action="store_true", help="only say what would be done")
    step.set_defaults(func=run_migrations)
    commands.add_parser("check", help="check the settings").set_defaults(func=check)


async def run_server(options: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT."""
    settings: Settings = options.settings
    stopping = _until_signal()
    app = create_app(settings, with_worker=not options.no_worker)

    async def ended() -> None:
        await stopping.wait()
        hub.close_all()  # open pages connect again elsewhere; nothing waits for them here

    await serve(app, hypercorn(settings), shutdown_trigger=ended)
    return 0


def hypercorn(settings: Settings) -> Config:
    """How the instance is served; the benches serve it the same way."""
    config = Config()
    config.bind = [settings.server.bind]
    config.include_server_header = False
    config.accesslog = None
    config.errorlog = None
    # `/live` pings by itself. Hypercorn's own pings outlive their socket and hold up the end.
    config.websocket_ping_interval = None
    config.websocket_max_message_size = 64 * 1024
    config.graceful_timeout = 3
    # An embedded database is brought to the present schema first: that takes what it takes.
    config.startup_timeout = 600
    config.h11_max_incomplete_size = 64 * 1024
    return config


async def run_worker(options: argparse.Namespace) -> int:
    """Run jobs until SIGTERM or SIGINT; for PostgreSQL, as many processes as wanted."""
    stopping = _until_signal()
    async with opened(options.settings), working():
        await stopping.wait()
    return 0


async def run_migrations(options: argparse.Namespace) -> int:
    async with opened(options.settings, migrating=False):
        names = await migrate.pending(model_modules())
        print("\n".join(names) or "Nothing to do.")
        if not options.plan:
            await migrate.migrate(model_modules())
    return 0


async def check(options: argparse.Namespace) -> int:
    """The settings were read to get here; say what will be used."""
    settings: Settings = options.settings
    print(f"{settings.server.public_url} on {settings.server.bind}")
    print(f"data in {settings.server.data_dir}, database {settings.database_url.partition(':')[0]}")
    return 0


def _until_signal() -> asyncio.Event:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    return stopping
