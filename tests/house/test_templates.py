"""Templates: every one compiles strictly, and none carries style, script or colour inline."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment, StrictUndefined, meta
from quart import Quart

from tests.house import tree

_INLINE = re.compile(
    r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|<script(?![^>]*\bsrc=)", re.IGNORECASE
)
# Black and white belong to no brand: masks, shadows and highlights are made of them.
_RAW_COLOUR = (
    r"(?<![&\w-])#(?!000\b|fff\b)(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})\b"
    r"|\b(?:rgb|hsl|oklch|lab|lch)a?\((?![01] 0 0\b)"
)
# Tokens are computed by rse/branding; these files may name a colour all the same, and why:
_MAY_NAME_COLOURS = {"tokens.css"}


def _templates() -> list[Path]:
    return [p for p in tree.files(".html", ".txt", ".xml") if "templates" in p.parts]


def _for_screens() -> list[Path]:
    """Mail programs know no stylesheets: what goes to them carries its style inline."""
    return [path for path in _templates() if path.suffix == ".html" and "mail" not in path.parts]


@pytest.fixture
def strict(app: Quart) -> Environment:
    environment: Environment = app.jinja_env.overlay(undefined=StrictUndefined)
    return environment


async def test_every_template_compiles(strict: Environment) -> None:
    names = strict.list_templates()
    assert names
    for name in names:
        strict.get_template(name)


async def test_every_template_named_by_another_exists(strict: Environment) -> None:
    names = set(strict.list_templates())
    missing = []
    for name in sorted(names):
        assert strict.loader is not None
        source = strict.loader.get_source(strict, name)[0]
        used = meta.find_referenced_templates(strict.parse(source))
        # A slot is filled by whoever wants to, or by nobody.
        named = [other for other in used if other and not other.startswith("slots/")]
        missing += [f"{name} → {other}" for other in named if other not in names]
    assert missing == []


def test_nothing_is_inline() -> None:
    hits = [
        f"{tree.name(path)}:{tree.line_of(text, match.start())}: {match.group()}"
        for path in _for_screens()
        for text in [path.read_text()]
        for match in _INLINE.finditer(text)
    ]
    assert hits == []


def test_no_template_names_a_colour() -> None:
    assert tree.found(_RAW_COLOUR, _for_screens()) == []


def test_styles_take_their_colours_from_tokens() -> None:
    sheets = tree.files(".css", under=tree.RSE)
    assert tree.found(_RAW_COLOUR, [s for s in sheets if s.name not in _MAY_NAME_COLOURS]) == []


def test_no_template_asks_the_database() -> None:
    assert tree.found(r"\bawait\b|\.filter\(|\.objects\b", _templates()) == []
