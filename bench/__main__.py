"""`python -m bench [names…]`: measure, print the table, keep the numbers in bench/results."""

import argparse
import importlib
import os
import pkgutil
import subprocess
import sys
from collections.abc import Mapping

import bench
from bench import frame, report
from tests.testenv.find import find
from tests.testenv.postgres import PostgresServer


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", help="workloads, or beginnings of their names; all")
    parser.add_argument("--list", action="store_true", help="only name them")
    parser.add_argument(
        "--engine", choices=("sqlite", "postgres", "both"), default="sqlite",
        help="the database; PostgreSQL is started for the run",
    )  # fmt: skip
    options = parser.parse_args()
    if options.engine != "sqlite":
        return _on_both(options) if options.engine == "both" else _on_postgres(options)
    load()
    items = frame.chosen(options.names)
    if options.list:
        print("\n".join(f"{item.name:<24} {item.title}" for item in items))
        return 0
    path, text = report.write(frame.run(items, _say))
    print(f"{text}\nkept in {path.name}")
    return 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _on_both(options: argparse.Namespace) -> int:
    first = _again(options, os.environ)
    return first or _on_postgres(options)


def _on_postgres(options: argparse.Namespace) -> int:
    """A process of its own: the ORM keeps statements of one engine for its whole life."""
    server = PostgresServer(find(["postgresql"]).need("postgresql"))
    try:
        database = {
            "RSE_BENCH_ENGINE": "postgres",
            "RSE_BENCH_DATABASE": server.create("rse_bench"),
        }
        return _again(options, {**os.environ, **database})
    finally:
        server.stop()


def _again(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    command = [sys.executable, "-m", "bench", *options.names]
    return subprocess.run(command, env=dict(environment), check=False).returncode


def load() -> None:
    """Import bench/work_*.py: each registers its workloads."""
    for module in pkgutil.iter_modules(bench.__path__):
        if module.name.startswith("work_"):
            importlib.import_module(f"bench.{module.name}")


if __name__ == "__main__":
    sys.exit(main())
