"""Sizes, comments and catches: the style guide where a machine can check it."""

import ast
import io
import tokenize
from pathlib import Path

from tests.house import tree

MOST_FUNCTION_LINES = 40
MOST_FILE_LINES = 400
COMMENT_SHARE = (0.005, 0.08)

_FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "misc"}


def test_no_file_is_too_long() -> None:
    counted = {tree.name(path): len(path.read_text().splitlines()) for path in tree.python()}
    assert {name: n for name, n in counted.items() if n > MOST_FILE_LINES} == {}


def test_no_function_is_too_long() -> None:
    long = [
        f"{tree.name(path)}:{node.lineno} {node.name}: {lines} lines"
        for path in tree.python()
        for node in ast.walk(tree.syntax(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (lines := (node.end_lineno or 0) - node.lineno + 1) > MOST_FUNCTION_LINES
    ]
    assert long == []


def test_every_module_says_what_it_is() -> None:
    written = [path for path in tree.python() if path.read_text().strip()]
    silent = [tree.name(p) for p in written if not ast.get_docstring(tree.syntax(p))]
    assert silent == []


def test_no_module_is_an_attic() -> None:
    names = [tree.name(path) for path in tree.python() if path.stem in _FORBIDDEN_NAMES]
    assert names == []


def test_only_a_named_boundary_catches_everything() -> None:
    bare = [
        f"{tree.name(path)}:{handler.lineno}"
        for path in tree.python()
        for handler in ast.walk(tree.syntax(path))
        if isinstance(handler, ast.ExceptHandler) and _catches_everything(handler)
        if "# boundary:" not in path.read_text().splitlines()[handler.lineno - 1]
    ]
    assert bare == []


def test_comments_are_few_and_say_why() -> None:
    comments = lines = 0
    for path in tree.python(under=("rse",)):
        text = path.read_text()
        lines += sum(1 for line in text.splitlines() if line.strip())
        comments += _comments(text)
    assert COMMENT_SHARE[0] <= comments / lines <= COMMENT_SHARE[1], f"{comments} in {lines} lines"


def test_every_test_folder_is_a_package() -> None:
    folders = {path.parent for path in tree.python(under=("tests",))}
    assert [tree.name(f) for f in sorted(folders) if not (f / "__init__.py").exists()] == []


def test_tests_of_the_house_see_the_whole_tree() -> None:
    seen = set(tree.files())
    for expected in ("pyproject.toml", ".ci/run", "rse/app.py", "requirements/dev.lock"):
        assert Path(tree.ROOT / expected) in seen


def _catches_everything(handler: ast.ExceptHandler) -> bool:
    """And keeps it: who tidies up and raises it again has caught nothing."""
    last = handler.body[-1]
    if isinstance(last, ast.Raise) and last.exc is None:
        return False
    if handler.type is None:
        return True
    names = {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)}
    return bool(names & {"Exception", "BaseException"})


def _comments(text: str) -> int:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return sum(1 for token in tokens if token.type == tokenize.COMMENT)
