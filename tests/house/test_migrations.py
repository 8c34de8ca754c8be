"""One linear history, and it ends where the models are."""

from pathlib import Path

import pytest
from tortoise import Tortoise
from tortoise.migrations.autodetector import MigrationAutodetector

from rse.kernel import db
from rse.kernel.migrate import APP
from rse.parts import model_modules
from tests.house import tree


@pytest.fixture
def config() -> dict[str, dict[str, object]]:
    return {APP: {"models": model_modules(), "migrations": db.MIGRATIONS}}


@pytest.mark.usefixtures("app")
async def test_there_is_one_head(config: dict[str, dict[str, object]]) -> None:
    """Tortoise applies two heads without complaint, in whatever order."""
    assert Tortoise.apps is not None
    loader = MigrationAutodetector(Tortoise.apps, config).loader
    await loader.build_graph()
    assert len(loader.graph.leaf_nodes(APP)) == 1
    assert len(loader.graph.root_nodes(APP)) == 1


@pytest.mark.usefixtures("app")
async def test_models_and_migrations_agree(config: dict[str, dict[str, object]]) -> None:
    assert Tortoise.apps is not None
    missing = await MigrationAutodetector(Tortoise.apps, config).changes()
    assert [repr(step) for writer in missing for step in writer.operations] == []


def test_the_files_are_numbered_without_a_gap() -> None:
    names = sorted(path.name for path in _history())
    assert [name[:4] for name in names] == [f"{n:04}" for n in range(1, len(names) + 1)]


def _history() -> list[Path]:
    return [p for p in (tree.RSE / "migrations").glob("*.py") if p.name != "__init__.py"]


@pytest.mark.usefixtures("app")
def test_no_table_s_description_holds_a_semicolon() -> None:
    """Migrations on SQLite are cut into statements at each one, also inside a comment."""
    assert Tortoise.apps is not None
    models = Tortoise.apps["rse"].values()
    assert [m.__name__ for m in models if ";" in (m._meta.table_description or "")] == []
