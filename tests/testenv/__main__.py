"""`python -m tests.testenv find | run | venv | lock`: the test services from the command line."""

import argparse
import os
import sys
from pathlib import Path
from typing import NoReturn

from tests.testenv import venv
from tests.testenv.find import ALL, export, find, wanted
from tests.testenv.programs import Missing


def main() -> int:
    arguments = _parser().parse_args()
    try:
        match arguments.command:
            case "find":
                return _find(arguments.services)
            case "run":
                _run(arguments.services, arguments.rest)
            case "venv":
                venv.make(arguments.folder, arguments.wheelhouse)
            case "lock":
                venv.lock()
    except Missing as missing:
        print(f"testenv: {missing}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.testenv")
    commands = parser.add_subparsers(dest="command", required=True)
    names = ",".join(ALL)
    for name, text in (("find", "print what was found"), ("run", "run a command with them")):
        command = commands.add_parser(name, help=text)
        command.add_argument(
            "--services", default=os.environ.get("RSE_TEST_SERVICES", ""), help=names
        )
        if name == "run":
            command.add_argument("rest", nargs=argparse.REMAINDER, metavar="-- command")
    make = commands.add_parser("venv", help="make .venv from the hashed lock")
    make.add_argument("--folder", type=Path, default=Path(".venv"))
    make.add_argument("--wheelhouse", type=Path, default=Path("wheelhouse"))
    commands.add_parser("lock", help="compute requirements/*.lock anew")
    return parser


def _find(services: str) -> int:
    missing = 0
    for name in wanted(services):
        try:
            program = find([name]).need(name)
            unpacked = f"  (unpacked in {program.root})" if program.root else ""
            print(f"{name:<11} {program.url or program.path}{unpacked}")
        except Missing as error:
            missing += 1
            print(f"{name:<11} missing: {error}")
    return 1 if missing else 0


def _run(services: str, rest: list[str]) -> NoReturn:
    command = rest[1:] if rest[:1] == ["--"] else rest
    if not command:
        raise SystemExit("run: name the command after --")
    env = {**os.environ, **export(find(wanted(services)))}
    # Become the command: signals and the exit status are then its own.
    os.execvpe(command[0], command, env)


if __name__ == "__main__":
    sys.exit(main())
