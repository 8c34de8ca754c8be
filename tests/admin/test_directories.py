"""Directories, from the administration's pages, against a real server."""

import pytest
from quart import Quart

from rse.admin.models import AdminAudit
from rse.identity.models import Account, Person
from rse.kernel.ids import to_public
from rse.kernel.jobs import drain
from rse.ldap.models import DirectoryRun
from tests import make
from tests.ldap.conftest import (
    MakeDirectory,
    StartSlapd,
    make_directory,
    no_server_is_avoided,
    slapd,
    start_slapd,
)
from tests.testenv.slapd import SlapdServer
from tests.web_client import Browser

__all__ = ["StartSlapd", "make_directory", "no_server_is_avoided", "slapd", "start_slapd"]
pytestmark = [pytest.mark.ldap, pytest.mark.usefixtures("app")]
PAGE = "/admin/directories"
HERE = f"{PAGE}/corp"


@pytest.fixture(autouse=True)
async def _admin(browser: Browser) -> None:
    await browser.sign_in(await make.account("Zoé Admin", admin=True))


async def post(browser: Browser, path: str) -> tuple[int, str]:
    response = await browser.post(path)
    return response.status_code, await response.get_data(as_text=True)


async def test_a_preview_shows_what_would_happen_and_changes_nothing(
    browser: Browser,
    slapd: SlapdServer,
    make_directory: MakeDirectory,
) -> None:
    make_directory(slapd)
    assert "has not been read yet" in await browser.text(HERE)
    status, body = await post(browser, f"{HERE}/preview")
    assert status == 200
    assert "Ada Lovell" in body
    assert "Make an account" in body
    assert not await Account.exists(login="ada")
    assert not await DirectoryRun.exists()


async def test_a_directory_is_read_by_the_worker_when_asked(
    browser: Browser,
    slapd: SlapdServer,
    make_directory: MakeDirectory,
) -> None:
    make_directory(slapd)
    assert (await post(browser, f"{HERE}/runs"))[0] == 303
    assert not await Account.exists(login="ada")
    await drain()
    assert (await Account.get(login="ada")).source == "ldap:corp"
    page = await browser.text(HERE)
    assert "done" in page
    run = await DirectoryRun.get()
    assert "Ada Lovell" in await browser.text(f"{HERE}/runs/{to_public(run.id)}")
    assert "corp" in await browser.text("/admin")
    [act] = await AdminAudit.all()
    assert (act.action, act.subject) == ("directory.read", "corp")


async def test_a_held_back_run_is_looked_at_and_approved(
    browser: Browser,
    app: Quart,
    slapd: SlapdServer,
    make_directory: MakeDirectory,
) -> None:
    guard = {"grace": "0s, 1 run", "missing": "1%", "missing_min": 0}
    make_directory(slapd, guard=guard)
    people = [slapd.add_person(f"p{n}", f"Person {n}", "secret") for n in range(3)]
    await post(browser, f"{HERE}/runs")
    await drain()
    for dn in people:
        slapd.delete(dn)
    await post(browser, f"{HERE}/runs")
    await drain()
    blocked = await DirectoryRun.all().order_by("-id").first()
    assert blocked is not None
    assert blocked.state == "blocked"
    assert "held back" in await browser.text(HERE)
    run = f"{HERE}/runs/{to_public(blocked.id)}"
    assert "Approve and apply" in await browser.text(run)
    assert await Person.filter(status="active", account__source="ldap:corp").count() == 5
    assert (await post(browser, f"{run}/approval"))[0] == 303
    await drain()
    assert await Person.filter(status="active", account__source="ldap:corp").count() == 2
    assert "approved a directory&#39;s changes" in await browser.text("/admin/audit")


async def test_the_check_says_what_is_well_and_what_to_do(
    browser: Browser,
    slapd: SlapdServer,
    make_directory: MakeDirectory,
) -> None:
    make_directory(slapd)
    status, body = await post(browser, f"{HERE}/check")
    assert status == 200
    assert "Well" in body
    slapd.halt()
    status, body = await post(browser, f"{HERE}/check")
    assert status == 200
    assert "Not well" in body


async def test_a_directory_that_is_down_is_said(
    browser: Browser,
    slapd: SlapdServer,
    make_directory: MakeDirectory,
) -> None:
    make_directory(slapd)
    slapd.halt()
    status, body = await post(browser, f"{HERE}/preview")
    assert status == 503
    assert "could not be read" in body


async def test_a_certificate_file_that_is_gone_is_said_too(
    browser: Browser,
    slapd: SlapdServer,
    make_directory: MakeDirectory,
) -> None:
    make_directory(slapd, ca_file="nowhere.pem")
    status, body = await post(browser, f"{HERE}/preview")
    assert status == 503
    assert "CA file cannot be read" in body
    _status, body = await post(browser, f"{HERE}/check")
    assert "set ca_file" in body


async def test_a_directory_nobody_configured_is_not_found(browser: Browser) -> None:
    for path in (HERE, f"{HERE}/runs/{to_public(3)}"):
        assert (await browser.get(path)).status_code == 404
    assert "No directory is connected" in await browser.text(PAGE)
