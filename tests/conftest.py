"""One instance per session, its tables emptied before each test; a browser-like client."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from quart import Quart
from quart.testing.app import TestApp as RunningApp
from quart.typing import TestClientProtocol as Client
from tortoise import Tortoise
from tortoise.connection import get_connection

from rse.app import create_app
from rse.config import Settings, load
from rse.kernel import clock, db, ids, limits
from rse.realtime import presence
from rse.runtime import opened
from tests import make
from tests.web_client import Browser

TABLES_KEPT = {"tortoise_migrations"}


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The instance under test: SQLite, or the PostgreSQL of RSE_TEST_DATABASE."""
    data = tmp_path_factory.mktemp("data")
    return load(
        environment={
            "RSE_SERVER__DATA_DIR": str(data),
            "RSE_SERVER__PUBLIC_URL": "http://127.0.0.1:8800",
            "RSE_DATABASE__URL": os.environ.get("RSE_TEST_DATABASE", ""),
            "RSE_NETWORK__ALLOWED_PRIVATE": '["127.0.0.0/8"]',
            "RSE_COMMUNITY__LANGUAGE": "en",
            "RSE_BRAND__THEMES_DIR": str(Path(__file__).parent.parent / "themes"),
            "RSE_LOG__LEVEL": "warning",
        }
    )


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def app(settings: Settings) -> AsyncIterator[Quart]:
    async with opened(settings, migrating=True):
        pass  # PostgreSQL's schema is brought up by this alone
    app = create_app(settings, with_worker=False)
    # A loaded machine may need more than the usual six seconds for the first migration.
    async with RunningApp(app, startup_timeout=60):
        yield app


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def fresh(request: pytest.FixtureRequest) -> AsyncIterator[None]:
    """Empty tables, clock and counters for each test that uses the instance."""
    if "app" in request.fixturenames:
        request.getfixturevalue("app")
        await empty_tables()
        limits.memory.reset()
        presence.forget_all()
        ids.mint.forget()  # a test before may have lived in the future
        make.reset()
    yield
    clock.reset()


async def empty_tables() -> None:
    connection = get_connection("default")
    tables = [model._meta.db_table for model in Tortoise.apps["rse"].values()]
    if db.dialect() == "postgres":
        await connection.execute_script(f"TRUNCATE {', '.join(tables)} CASCADE")
        return
    script = "".join(f"DELETE FROM {table};" for table in tables)
    await connection.execute_script(f"PRAGMA foreign_keys=OFF;{script}PRAGMA foreign_keys=ON;")


@pytest.fixture
def client(app: Quart) -> Client:
    return app.test_client()


@pytest.fixture
def browser(app: Quart) -> Browser:
    """Somebody at a browser who fills in forms: cookies and form tokens are handled."""
    return Browser(app)
