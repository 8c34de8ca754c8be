"""The command `rse`: serve, migrate, people, checks; channels add their own."""

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import uvloop

from rse import cli_mail, cli_people, cli_server
from rse.config import ConfigError, load, use
from rse.federation import cli as federation_cli
from rse.kernel.errors import RseError
from rse.ldap import cli as ldap_cli
from rse.runtime import opened
from rse.search import cli as search_cli

Command = Callable[[argparse.Namespace], Awaitable[int]]


def main(arguments: list[str] | None = None) -> None:
    """Run one command and exit: 0 well, 1 refused, 2 wrong usage or settings."""
    options = _parser().parse_args(arguments)
    try:
        path = options.config or os.environ.get("RSE_CONFIG")
        options.settings = load(Path(path) if path else _usual_file())
        use(options.settings)
        command: Command = options.func
        sys.exit(uvloop.run(_run(command, options)))
    except ConfigError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)


async def _run(command: Command, options: argparse.Namespace) -> int:
    try:
        # Commands of channels act on an open instance but may not open it: they sit below.
        if getattr(options, "on_instance", False):
            async with opened(options.settings):
                return await command(options)
        return await command(options)
    except RseError as error:
        print(error.message, file=sys.stderr)
        return 1
    except asyncio.CancelledError:
        return 130


def _usual_file() -> Path | None:
    return Path("rse.toml") if Path("rse.toml").exists() else None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="rse", description=__doc__)
    parser.add_argument("--config", help="the settings file; rse.toml in this folder by default")
    commands = parser.add_subparsers(required=True, metavar="command")
    cli_server.register(commands)
    cli_people.register(commands)
    federation_cli.register(commands)
    cli_mail.register(commands)
    ldap_cli.register(commands)
    search_cli.register(commands)
    return parser
