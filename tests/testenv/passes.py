"""`make test`: the whole suite on SQLite, then what the database matters to on PostgreSQL."""

import subprocess
import sys

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
    return max([_pass(title, [*given, *options]) for title, given in PASSES])


def _pass(title: str, options: list[str]) -> int:
    print(f"== all tests on {title} ==", flush=True)
    # The settings say -q; one -v brings pytest's closing line back to its usual form.
    command = [sys.executable, "-m", "pytest", "-v", *options]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
