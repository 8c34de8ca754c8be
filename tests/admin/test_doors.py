"""The administration opens for administrators, and for nobody else by any address."""

import re

import pytest
from quart import Quart
from werkzeug.routing import AnyConverter, BaseConverter, UnicodeConverter

from rse.admin.models import AdminAudit
from rse.kernel.ids import to_public
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")
PAGES = (
    "/admin", "/admin/general", "/admin/branding", "/admin/members", "/admin/invitations",
    "/admin/directories", "/admin/federation", "/admin/federation/audit", "/admin/mail",
    "/admin/jobs", "/admin/audit",
)  # fmt: skip


def addresses(app: Quart) -> list[tuple[str, str]]:
    """Every method and address of the administration, with something in its gaps."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/admin"):
            path = rule.rule
            for name in rule.arguments:
                path = re.sub(rf"<[^<>]*\b{name}>", filling(rule._converters[name]), path)
            found += [(method, path) for method in (rule.methods or set()) & {"GET", "POST"}]
    return sorted(found)


def filling(converter: BaseConverter) -> str:
    """Something that the converter of a gap takes."""
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return "corp" if isinstance(converter, UnicodeConverter) else to_public(7)


async def test_no_address_opens_for_a_member(app: Quart, browser: Browser) -> None:
    await browser.sign_in(await make.account())
    assert len(addresses(app)) > 30
    for method, path in addresses(app):
        response = await (browser.get(path) if method == "GET" else browser.post(path))
        assert response.status_code == 403, f"{method} {path}"
    assert not await AdminAudit.exists()


async def test_no_address_opens_for_a_stranger(app: Quart, browser: Browser) -> None:
    for method, path in addresses(app):
        response = await (browser.get(path) if method == "GET" else browser.post(path))
        assert response.status_code == (303 if method == "GET" else 401), f"{method} {path}"


async def test_no_change_is_made_without_the_forms_token(app: Quart, browser: Browser) -> None:
    await browser.sign_in(await make.account(admin=True))
    for method, path in addresses(app):
        if method == "POST":
            assert (await browser.post(path, {"_csrf": "0" * 40})).status_code == 403, path
    assert not await AdminAudit.exists()


@pytest.mark.parametrize("language", ["en", "fr", "de"])
async def test_every_page_opens_on_an_empty_network(browser: Browser, language: str) -> None:
    await browser.sign_in(await make.account(admin=True, language=language))
    for path in PAGES:
        page = await browser.text(path)
        assert f'<html lang="{language}"' in page
        assert "<style" not in page
        assert " style=" not in page
        assert "onclick" not in page


async def test_an_administrators_menu_lists_every_page(browser: Browser) -> None:
    await browser.sign_in(await make.account(admin=True))
    page = await browser.text("/admin")
    for path in PAGES:
        if path != "/admin/federation/audit":
            assert f'href="{path}"' in page


async def test_the_figures_are_true(browser: Browser) -> None:
    admin = await make.account("Admin", admin=True)
    await browser.sign_in(admin)
    for number in range(3):
        await make.account(f"Member {number}")
    await make.outsider()
    space = await make.space(admin.person)
    await make.post(admin.person, space)
    page = await browser.text("/admin")
    for figure, label in (("4", "active people"), ("1", "posts in the last 7 days")):
        assert f'<b class="num">{figure}</b><span>{label}</span>' in page
    assert "one administrator only" in page
