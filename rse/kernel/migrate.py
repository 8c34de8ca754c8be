"""Brings the database to the present schema, one step after the other."""

from collections.abc import Callable

from tortoise.connection import get_connection
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget

from .db import MIGRATIONS

APP = "rse"


def _executor(modules: list[str]) -> MigrationExecutor:
    app = {"models": modules, "default_connection": "default", "migrations": MIGRATIONS}
    return MigrationExecutor(get_connection("default"), {APP: app})


async def pending(modules: list[str]) -> list[str]:
    """The names of the migrations that are not applied yet, in order."""
    target = [MigrationTarget(app_label=APP, name="__latest__")]
    plan = await _executor(modules).plan(target)
    return [step.migration.name for step in plan]


async def migrate(modules: list[str], say: Callable[[str], None] = lambda _line: None) -> None:
    """Apply what is pending. Each file is one transaction: a failure leaves the one before."""
    for name in await pending(modules):
        say(name)
    await _executor(modules).migrate([MigrationTarget(app_label=APP, name="__latest__")])
