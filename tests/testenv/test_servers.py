"""The servers of our own: they start, can be lost and restarted, and never outlive us."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.testenv.postgres import PostgresServer
from tests.testenv.processes import NotStarted, Server, free_port, scratch
from tests.testenv.redis import RedisServer

_ORPHAN = """
import time
from tests.testenv.processes import Server, scratch
print(Server(["sleep", "300"], scratch("orphan")).process.pid, flush=True)
time.sleep(300)
"""


def test_a_database_is_a_copy_of_its_template(postgres_server: PostgresServer) -> None:
    postgres_server.create("rse_pattern")
    postgres_server.sql("CREATE TABLE page (id bigint)", "rse_pattern")
    postgres_server.create("rse_copy", template="rse_pattern")
    assert postgres_server.sql("SELECT count(*) FROM page", "rse_copy") == "0"
    for name in ("rse_copy", "rse_pattern"):
        postgres_server.drop(name)


def test_the_extensions_that_search_needs_are_there(postgres_server: PostgresServer) -> None:
    statement = "SELECT count(*) FROM pg_available_extensions WHERE name IN ('unaccent', 'pg_trgm')"
    assert postgres_server.sql(statement) == "2"


def test_the_products_role_is_no_administrator(postgres_server: PostgresServer) -> None:
    assert postgres_server.sql("SELECT rolsuper FROM pg_roles WHERE rolname = 'rse'") == "f"


def test_a_server_that_does_not_start_shows_its_log() -> None:
    server = Server(["sh", "-c", "echo the disk is full; exit 3"], scratch("fails"))
    with pytest.raises(NotStarted, match="the disk is full"):
        server.wait_until(lambda: False)
    server.stop()


def test_a_server_runs_without_roots_rights() -> None:
    server = Server(["id", "-u"], scratch("user"))
    server.process.wait()
    assert server.log.read_text().strip() != "0"
    server.stop()
    assert not server.folder.exists()


def test_a_server_dies_with_the_process_that_started_it() -> None:
    parent = subprocess.Popen([sys.executable, "-c", _ORPHAN], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    child = int(parent.stdout.readline())
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 5
    while _lives(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _lives(child)


def test_free_ports_differ() -> None:
    assert len({free_port() for _ in range(5)}) > 1


def test_redis_forgets_and_comes_back(redis_server: RedisServer) -> None:
    assert redis_server.url(3).endswith("/3")
    redis_server.flush()


def _lives(pid: int) -> bool:
    try:
        with Path(f"/proc/{pid}/stat").open(encoding="ascii") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
