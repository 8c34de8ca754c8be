"""Static files: right types, kept for ever, and nothing in the house names what is not there."""

import re
from pathlib import Path

import pytest
from quart import Quart
from quart.typing import TestClientProtocol as Client

from rse.web import assets, icons
from rse.web.macros import category, extension, fragment, initials, nearest
from rse.web.shell import NavItem

ROOT = Path(__file__).parents[2]
TEMPLATES = [p for p in (ROOT / "rse").rglob("*.html") if "templates" in p.parts]
CODE = list((ROOT / "rse").rglob("*.py"))
ICONS = re.compile(
    r"""\b_?icon(?:=|\()["']([a-z0-9-]+)["']|ui\.empty\(["']([a-z0-9-]+)["']"""
    r"""|icon_button\([^,\n]+\), ["']([a-z0-9-]+)["']"""
)


@pytest.mark.parametrize(
    ("name", "mimetype"),
    [
        ("app.css", "text/css"),
        ("js/app.js", "text/javascript"),
        ("vendor/icons.svg", "image/svg+xml"),
        ("fonts/inter-latin.woff2", "font/woff2"),
    ],
)
async def test_files_have_their_type_and_are_kept(client: Client, name: str, mimetype: str) -> None:
    response = await client.get(assets.asset(name))
    assert (response.status_code, response.mimetype) == (200, mimetype)
    assert response.headers["Cache-Control"] == assets.IMMUTABLE


async def test_a_page_open_during_an_upgrade_still_finds_its_files(client: Client) -> None:
    response = await client.get("/static/0000000000000000/js/app.js")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("name", ["../assets.py", "css/base.css", "vendor/nothing.toml", "nothing"])
async def test_nothing_else_is_served(client: Client, name: str) -> None:
    assert (await client.get(f"/static/{assets.content_hash()}/{name}")).status_code == 404


def test_a_file_that_does_not_exist_is_a_mistake_in_a_template() -> None:
    with pytest.raises(LookupError):
        assets.asset("js/nothing.js")


def test_every_stylesheet_is_part_of_the_whole_and_in_a_layer() -> None:
    names = {path.stem for path in (assets.FOLDER / "css").glob("*.css")}
    assert names == set(assets.STYLES)
    for name in names - {"fonts"}:
        text = (assets.FOLDER / "css" / f"{name}.css").read_text()
        assert re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL).strip().startswith("@layer ")


def test_important_is_left_to_what_must_not_be_undone() -> None:
    found = re.findall(r"([\w-]+):[^;{}]*!important", assets.stylesheet())
    assert set(found) <= {"display", "transition", "animation"}


def test_fonts_that_the_stylesheet_names_are_served() -> None:
    for name in re.findall(r"url\(([^)]+\.woff2)\)", assets.stylesheet()):
        assert name in assets.files()


def test_modules_import_what_exists() -> None:
    for path in (assets.FOLDER / "js").glob("*.js"):
        for name in re.findall(
            r"""(?:from|import|",) ?\(?["']\./([\w-]+\.js)["']""", path.read_text()
        ):
            assert f"js/{name}" in assets.files(), f"{path.name} → {name}"


def test_every_icon_that_is_named_exists() -> None:
    missing = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in [*TEMPLATES, *CODE]
        for groups in ICONS.findall(path.read_text())
        for name in filter(None, groups)
        if name not in icons.names()
    }
    assert missing == set()


def test_an_unknown_icon_shows_nothing() -> None:
    assert icons.icon("no-such-icon") == ""
    assert 'aria-label="Private"' in icons.icon("lock", "Private")


def test_every_class_that_is_used_is_styled() -> None:
    """A class nobody styles is a page that looks unlike the others."""
    styled = set(re.findall(r"\.([a-zA-Z][\w-]*)", assets.stylesheet()))
    hooks = {"i", "app-admin"}
    unstyled = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in TEMPLATES
        if "mail" not in path.parts
        for value in re.findall(r'(?:class|cls)="([^"{}]*)"', path.read_text())
        for name in value.split()
        if name not in styled | hooks and not re.fullmatch(r"cat-\d+", name)
    }
    assert unstyled == set()


async def test_pages_link_only_what_exists(app: Quart, client: Client) -> None:
    page = await (await client.get("/sign-in")).get_data(as_text=True)
    links = re.findall(
        r'(?:href|src)="(/(?:static|brand)/[^"#]+|/favicon.ico|/manifest[^"]+)"', page
    )
    assert len(links) > 10
    for link in set(links):
        assert (await client.get(link)).status_code == 200, link


def test_a_fragment_writes_attributes_that_are_escaped() -> None:
    written = fragment(post="/x", target='#a"b', swap="inner", trigger="change")
    assert written == ('hx-post="/x" hx-target="#a&#34;b" hx-swap="innerMorph" hx-trigger="change"')


def test_the_link_above_the_open_page_is_the_current_one() -> None:
    items = [NavItem(group="places", label="", url=url) for url in ("/", "/spaces", "/spaces/x")]
    assert nearest(items, "/spaces/x/members") == "/spaces/x"
    assert nearest(items, "/spaces/y") == "/spaces"
    assert nearest(items, "/people") == ""
    assert nearest(items, "/") == "/"


def test_names_become_initials_and_hues() -> None:
    assert initials("Inès de la Kerbrat") == "IK"
    assert initials("Rive", 1) == "R"
    assert initials("") == "?"
    assert extension("Livret 2027.docx") == "DOCX"
    assert extension("README") == ""
    assert {category(n << 22) for n in range(24)} == {f"cat-{n}" for n in range(1, 13)}
