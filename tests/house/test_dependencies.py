"""Few dependencies, each with its reason, its licence and a locked hash."""

import ast
import hashlib
import re
import tomllib
from pathlib import Path

import pytest

from tests.house import tree

PAGE = tree.ROOT / "docs" / "develop" / "dependencies.md"
# Another package imports these for us: the ORM its drivers, zoneinfo its data, clients their parts.
_THROUGH_OTHERS = {"aiosqlite", "async-timeout", "asyncpg", "pyasn1", "tzdata"}
_MODULES = {
    "argon2-cffi": "argon2",
    "markdown-it-py": "markdown_it",
    "pillow": "PIL",
    "tortoise-orm": "tortoise",
}
_VENDORED = ("rse/web/static/vendor", "rse/web/static/fonts", "tests/vendor")
LOCKS = ("dev.lock", "rse.lock")


def _direct() -> list[str]:
    project = tomllib.loads((tree.ROOT / "pyproject.toml").read_text())["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    return [_name(line) for lines in groups for line in lines]


def _name(line: str) -> str:
    return re.split(r"[\s<>=!~;\[]", line, maxsplit=1)[0]


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []


def test_every_dependency_has_its_reason_written_down() -> None:
    text = PAGE.read_text()
    assert [name for name in _direct() if f"| {name} |" not in text] == []


def test_no_reason_is_left_over() -> None:
    rows = re.findall(r"^\| ([a-z0-9][a-z0-9-]*) \|", PAGE.read_text(), re.MULTILINE)
    assert [name for name in rows if name not in _direct()] == []


def test_the_product_uses_what_it_depends_on() -> None:
    imported = {
        name.partition(".")[0]
        for path in tree.python(under=("rse",))
        for node in ast.walk(tree.syntax(path))
        for name in _imported(node)
    }
    project = tomllib.loads((tree.ROOT / "pyproject.toml").read_text())["project"]
    needed = {_name(line) for line in project["dependencies"]} - _THROUGH_OTHERS
    modules = {name: _MODULES.get(name, name.replace("-", "_")) for name in needed}
    assert [name for name, module in modules.items() if module not in imported] == []


def test_every_dependency_is_locked() -> None:
    text = (tree.ROOT / "requirements/dev.lock").read_text()
    assert [name for name in _direct() if not re.search(rf"^{name}==", text, re.MULTILINE)] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_names_versions_and_hashes_alone(lock: str) -> None:
    text = (tree.ROOT / "requirements" / lock).read_text()
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    shape = re.compile(r"[a-z0-9-]+==[^\s]+( ; .+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
    assert [line for line in lines if not shape.fullmatch(line)] == []


def test_the_product_is_locked_to_what_is_tested() -> None:
    tested, shipped = (_versions(tree.ROOT / "requirements" / lock) for lock in LOCKS)
    assert {k: v for k, v in shipped.items() if tested.get(k) != v} == {}


def test_what_others_made_is_what_it_was() -> None:
    """Scripts, fonts and icons of others: each listed with version, licence and digest."""
    listed: dict[str, str] = {}
    for entry in tomllib.loads((tree.ROOT / "vendor.toml").read_text())["vendored"]:
        assert entry["version"] and entry["licence"] and entry["source"]
        assert (tree.ROOT / entry["licence_file"]).exists(), entry["name"]
        listed |= entry["sha256"]
    assert [name for name, digest in listed.items() if _digest(tree.ROOT / name) != digest] == []
    present = {tree.name(p) for folder in _VENDORED for p in (tree.ROOT / folder).glob("*.*")}
    licences = {name for name in present if name.endswith(".txt")}
    assert present - licences == set(listed) - licences


def _versions(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", path.read_text(), re.MULTILINE))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
