"""`make test`: the whole suite on SQLite, then what the database matters to on PostgreSQL."""

import os
import subprocess
import sys

from tests.testenv.find import find
from tests.testenv.postgres import PostgresServer
from tests.testenv.redis import RedisServer

# What no database touches is not run twice.
_ON_POSTGRES = [
    *(f"--ignore=tests/{folder}" for folder in ("bench", "house", "testenv")),
    *("-m", "not (browser or ldap or smtp or twoproc)"),
]
PASSES = (
    ("SQLite", ["--engine=sqlite"]),
    ("PostgreSQL", ["--engine=postgres", *_ON_POSTGRES]),
)


def main(options: list[str]) -> int:
    services = find(["postgresql", "redis"])
    postgres = PostgresServer(services.need("postgresql"))
    redis = RedisServer(services.need("redis"))
    running = {
        "RSE_TEST_RUNNING_POSTGRESQL": postgres.admin_url,
        "RSE_TEST_RUNNING_REDIS": redis.url().removesuffix("/0"),
    }
    try:
        return max([_pass(title, [*given, *options], running) for title, given in PASSES])
    finally:
        redis.stop()
        postgres.stop()


def _pass(title: str, options: list[str], running: dict[str, str]) -> int:
    print(f"== all tests on {title} ==", flush=True)
    # The settings say -q; one -v brings pytest's closing line back to its usual form.
    command = [sys.executable, "-m", "pytest", "-v", *options]
    return subprocess.run(command, env={**os.environ, **running}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
