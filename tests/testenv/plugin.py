"""pytest's side of the test services: session fixtures, and no test that is silently skipped."""

import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from tests.testenv import chromium
from tests.testenv.find import find
from tests.testenv.postgres import PostgresServer
from tests.testenv.programs import Program, Services
from tests.testenv.redis import RedisServer

_MARKS = {
    "chromium_program": "browser",
    "exim_program": "smtp",
    "postgres_server": "postgres",
    "redis_server": "redis",
    "slapd_program": "ldap",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--engine",
        choices=("sqlite", "postgres"),
        default=os.environ.get("RSE_TEST_ENGINE", "sqlite"),
        help="the database that the tests run on",
    )


def pytest_configure(config: pytest.Config) -> None:
    """On PostgreSQL, give this process a database of its own, before any fixture asks for it."""
    if config.getoption("--engine") != "postgres" or _controls_workers(config):
        return
    server = _start_postgres()
    config.add_cleanup(server.stop)
    os.environ["RSE_TEST_DATABASE"] = server.create(f"rse_test_{os.getpid()}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Who uses a service's fixture bears its mark: no test has to say it twice."""
    for item in items:
        for fixture in getattr(item, "fixturenames", ()):
            if fixture in _MARKS:
                item.add_marker(_MARKS[fixture])


def _controls_workers(config: pytest.Config) -> bool:
    return bool(config.getoption("dist", "no") != "no" and not hasattr(config, "workerinput"))


def _start_postgres() -> PostgresServer:
    return PostgresServer(find(["postgresql"]).need("postgresql"))


@pytest.fixture(scope="session")
def worker_number() -> int:
    """0, or the number of the xdist worker: what shares a server takes its own part of it."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


@pytest.fixture(scope="session")
def services() -> Services:
    """All services, each found or fetched; the fixtures below ask for just one."""
    return find()


@pytest.fixture(scope="session")
def slapd_program() -> Program:
    return find(["slapd"]).need("slapd")


@pytest.fixture(scope="session")
def exim_program() -> Program:
    return find(["exim"]).need("exim")


@pytest.fixture(scope="session")
def chromium_program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """The program with the environment that it needs (`env()`: fonts, libraries)."""
    program = find(["chromium"]).need("chromium")
    if program.root:
        node = chromium.driver(program, tmp_path_factory.mktemp("driver"))
        os.environ["PLAYWRIGHT_NODEJS_PATH"] = str(node)
    return program


@pytest.fixture(scope="session")
def chromium_path(chromium_program: Program) -> Path:
    return chromium_program.path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    server = _start_postgres()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    server = RedisServer(find(["redis"]).need("redis"))
    yield server
    server.stop()


Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _refuse_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _refuse_skip((yield))


def _refuse_skip(report: Report) -> Report:
    """A test that can't run here is a failure: nobody reads the number of skipped ones."""
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Skipped, and a skip counts as a failure: {report.longrepr}"
    return report
