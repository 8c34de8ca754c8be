"""The project's own files, parsed once."""

import ast
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RSE = ROOT / "rse"
# Made or fetched here, never committed.
_NOT_OURS = {"__pycache__", "build", "data", "node_modules", "results", "var", "wheelhouse"}
_VENDORED = "static/vendor"
PYTHON = ("rse", "tests", "bench")


def files(*suffixes: str, under: Path = ROOT) -> list[Path]:
    """Our files with one of these suffixes; nothing vendored, nothing hidden but our scripts."""
    return sorted(path for path in _walk(under) if not suffixes or path.suffix in suffixes)


def python(*, migrations: bool = False, under: tuple[str, ...] = PYTHON) -> list[Path]:
    """Our Python files; the generated migrations only on demand."""
    found = [path for name in under for path in files(".py", under=ROOT / name)]
    return [path for path in found if migrations or RSE / "migrations" not in path.parents]


@cache
def syntax(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def name(path: Path) -> str:
    """The path as a reader of a failed test wants it."""
    return str(path.relative_to(ROOT))


def line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def found(pattern: str, paths: list[Path]) -> list[str]:
    """ "file:line: match" for each match of a pattern."""
    hits = []
    for path in paths:
        text = path.read_text(encoding="utf-8", errors="replace")
        hits += [
            f"{name(path)}:{line_of(text, match.start())}: {match.group().strip()}"
            for match in re.finditer(pattern, text, re.MULTILINE)
        ]
    return hits


def _walk(under: Path) -> Iterator[Path]:
    for folder, names, leaves in os.walk(under):
        here = Path(folder)
        names[:] = [n for n in names if _ours(here / n)]
        yield from (here / leaf for leaf in leaves if leaf not in {".git", ".coverage"})


def _ours(folder: Path) -> bool:
    if folder.name.startswith("."):
        return folder.name in {".ci", ".githooks"}
    return folder.name not in _NOT_OURS and not str(folder).endswith(_VENDORED)
