"""Brings the database to the present schema, one step after the other."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

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
    with _collecting_rarely():
        await _executor(modules).migrate([MigrationTarget(app_label=APP, name="__latest__")])


@contextmanager
def _collecting_rarely() -> Iterator[None]:
    """Each step makes every model anew: to look through all of them for what can go, as often as
    usual, costs as much as the steps themselves."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(5_000, 10, 10)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()
