"""Templates: a theme's own win, and a broken one never takes a page away."""

import logging
from pathlib import Path

import pytest
from jinja2 import ChoiceLoader, DictLoader, Environment

from rse.branding.templates import sound

PAGE = "<b>{% block a %}ours{% endblock %}</b>"
PRODUCT = DictLoader({"web/page.html": PAGE, "!web/page.html": PAGE})


def page_with(folder: Path, source: str) -> str:
    (folder / "web").mkdir(parents=True)
    (folder / "web" / "page.html").write_text(source)
    loader = ChoiceLoader([DictLoader(sound(folder, PRODUCT)[0]), PRODUCT])
    return Environment(loader=loader, autoescape=True).get_template("web/page.html").render()


def test_a_theme_changes_one_block_of_the_shipped_page(tmp_path: Path) -> None:
    source = '{% extends "!web/page.html" %}{% block a %}theirs, {{ super() }}{% endblock %}'
    assert page_with(tmp_path, source) == "<b>theirs, ours</b>"


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("{% block a %}never closed", "THM601"),
        ("{{ 1 +", "THM601"),
        ('{% extends "web/page.html" %}', "THM602"),
        ('{% extends "!web/gone.html" %}', "THM603"),
    ],
)
def test_a_broken_override_shows_ours_and_is_logged_with_its_place(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, source: str, code: str
) -> None:
    with caplog.at_level(logging.ERROR):
        assert page_with(tmp_path, source) == "<b>ours</b>"
    assert code in caplog.text
    assert f"{tmp_path / 'web' / 'page.html'}:1" in caplog.text


def test_a_theme_without_templates_changes_nothing(tmp_path: Path) -> None:
    assert sound(tmp_path / "none", PRODUCT) == ({}, [])
