"""One-time links: the first administrator, sign-in, a new password."""

import json
from datetime import timedelta

import pytest
from quart import Quart

from rse.config import settings
from rse.identity import links, sign_in
from rse.identity.models import Account, Organisation, Session
from rse.identity.people import deactivate
from rse.kernel import clock
from rse.kernel.jobs import drain
from rse.kernel.models import OutboxJob
from rse.mail.models import MailOut
from rse.mail.out import queue
from tests import make
from tests.make import PASSWORD
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")
NEW = "quiet rivers run deep"
SETUP = {
    "company": "Ostrelle",
    "name": "Inès Morvan",
    "login": "ines",
    "email": "ines@ostrelle.example",
    "password": NEW,
}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "FLOOR_SECONDS", 0.0)


async def test_the_set_up_link_makes_the_first_administrator_once(
    browser: Browser, app: Quart
) -> None:
    url = f"/setup/{await links.make_link(links.SETUP)}"
    assert "first administrator" in await browser.text(url)
    response = await browser.post(url, SETUP)
    assert (response.status_code, response.headers["Location"]) == (303, "/")
    account = await Account.get(login="ines")
    assert account.is_admin
    assert (await Organisation.get(is_ours=True)).name == "Ostrelle"
    assert (await Browser(app).get(url)).status_code == 404
    signed_in = await Browser(app).post("/sign-in", {"login": "ines", "password": NEW})
    assert signed_in.status_code == 303


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("password", "short", "Use at least 12 characters"),
        ("password", "x" * 201, "Use at most 200 characters"),
        ("password", "aaaaaaaaaaaaaa", "more different characters"),
        ("password", "Ines@Ostrelle.example", "something else than your login"),
        ("login", "two words", "login without blanks"),
        ("email", "no address", "mail address such as"),
        ("name", "   ", "Fill in this field"),
        ("company", "x" * 121, "Shorten this to 120 characters"),
    ],
)
async def test_bad_input_is_answered_beside_the_field_and_nothing_is_lost(
    browser: Browser, field: str, value: str, sentence: str
) -> None:
    url = f"/setup/{await links.make_link(links.SETUP)}"
    response = await browser.post(url, {**SETUP, field: value})
    body = await response.get_data(as_text=True)
    assert response.status_code == 422
    assert sentence in body
    kept = "company" if field != "company" else "name"
    assert SETUP[kept] in body
    assert not await Account.exists()
    assert (await browser.post(url, SETUP)).status_code == 303


async def test_a_login_of_the_directory_cannot_be_taken_over_at_set_up(browser: Browser) -> None:
    await make.account(login="ines")
    url = f"/setup/{await links.make_link(links.SETUP)}"
    response = await browser.post(url, SETUP)
    assert "Somebody has this login already" in await response.get_data(as_text=True)
    assert not (await Account.get(login="ines")).is_admin


@pytest.mark.parametrize("page", ["setup", "link", "reset", "join"])
async def test_an_invented_token_opens_nothing(browser: Browser, page: str) -> None:
    for token in ("x", "abc.def", ".", "a" * 3000, "%00"):
        assert (await browser.get(f"/{page}/{token}")).status_code == 404


async def test_an_expired_set_up_link_is_refused(browser: Browser) -> None:
    url = f"/setup/{await links.make_link(links.SETUP)}"
    clock.shift(timedelta(days=4))
    assert (await browser.get(url)).status_code == 404
    assert (await browser.post(url, SETUP)).status_code == 404


async def test_a_sign_in_link_survives_being_looked_at_and_works_once(
    browser: Browser, app: Quart
) -> None:
    account = await make.account("Théo Lindqvist")
    url = f"/link/{await links.make_link(links.SIGN_IN, account.id)}"
    for _scanner in range(2):
        assert "Sign in as Théo Lindqvist" in await Browser(app).text(url)
    assert (await browser.post(url)).status_code == 303
    assert "Théo Lindqvist" in await browser.text("/settings")
    second = await Browser(app).post(url)
    assert second.status_code == 404
    assert "expired or was used already" in await second.get_data(as_text=True)


async def test_a_link_is_no_way_in_for_somebody_switched_off(browser: Browser) -> None:
    account = await make.account()
    url = f"/link/{await links.make_link(links.SIGN_IN, account.id)}"
    await deactivate(account.person_id, "admin")
    assert (await browser.post(url)).status_code == 403
    assert not await Session.exists()


async def test_a_page_with_a_token_in_its_address_is_told_to_nobody(browser: Browser) -> None:
    account = await make.account()
    response = await browser.get(f"/reset/{await links.make_link(links.RESET, account.id)}")
    assert response.headers["Referrer-Policy"] == "strict-origin"
    assert response.headers["Cache-Control"] == "no-store"


async def test_no_token_reaches_the_logs(
    browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    account = await make.account()
    token = await links.make_link(links.RESET, account.id)
    await browser.get(f"/reset/{token}")
    await browser.post(f"/reset/{token}", {"password": "short"})
    await browser.get(f"/link/{token}")
    await browser.post(f"/reset/{token}", {"password": NEW})
    ours = [record for record in caplog.records if record.name.startswith("rse")]
    assert not [line for line in ours if token in line.getMessage() + str(vars(line))]
    assert NEW not in caplog.text


async def ask(browser: Browser, address: str) -> str:
    response = await browser.post("/reset", {"email": address})
    assert response.status_code == 200
    return str(await response.get_data(as_text=True))


async def test_nobody_learns_from_reset_who_has_an_account(browser: Browser) -> None:
    await make.account(email="ines@ostrelle.example")
    corp = await make.account(email="corp@ostrelle.example")
    await Account.filter(id=corp.id).update(source="ldap:corp")
    left = await make.account(email="left@ostrelle.example")
    await deactivate(left.person_id, "admin")
    await OutboxJob.all().delete()
    known = await ask(browser, "Ines@ostrelle.example")
    for address in ("nobody@ostrelle.example", "corp@ostrelle.example", "left@ostrelle.example"):
        assert await ask(browser, address) == known


async def test_the_mailed_link_leads_to_a_new_password(browser: Browser, app: Quart) -> None:
    account = await make.account(login="ines", email="ines@ostrelle.example", language="fr")
    await ask(browser, "ines@ostrelle.example")
    await drain()
    [mail] = await MailOut.filter(kind="system.reset")
    words = queue.sealed_words(mail)
    assert (words["to"], words["language"]) == ("ines@ostrelle.example", "fr")
    url = json.loads(words["context"])["url"].removeprefix(settings().origin)
    assert (await browser.post(url, {"password": NEW})).status_code == 303
    assert await Session.filter(account_id=account.id).count() == 1


async def test_no_mail_is_made_for_the_others(browser: Browser) -> None:
    corp = await make.account(email="corp@ostrelle.example")
    await Account.filter(id=corp.id).update(source="ldap:corp")
    for address in ("nobody@ostrelle.example", "corp@ostrelle.example"):
        await ask(browser, address)
    await drain()
    assert not await MailOut.filter(kind="system.reset").exists()


async def test_asking_again_and_again_is_limited(browser: Browser) -> None:
    for _time in range(5):
        await ask(browser, "ines@ostrelle.example")
    response = await browser.post("/reset", {"email": "ines@ostrelle.example"})
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0


async def test_a_new_password_ends_every_session_and_every_other_link(
    browser: Browser, app: Quart
) -> None:
    account = await make.account(login="ines")
    elsewhere = await Browser(app).sign_in(account)
    other_link = f"/link/{await links.make_link(links.SIGN_IN, account.id)}"
    url = f"/reset/{await links.make_link(links.RESET, account.id)}"
    assert "Every browser" in await browser.text(url)
    refused = await browser.post(url, {"password": "short"})
    assert "at least 12 characters" in await refused.get_data(as_text=True)
    assert (await browser.post(url, {"password": NEW})).status_code == 303
    assert (await elsewhere.get("/settings")).status_code == 303
    assert (await browser.get("/settings")).status_code == 200
    assert (await browser.post(url, {"password": NEW + "!"})).status_code == 404
    assert (await Browser(app).get(other_link)).status_code == 404
    old = await Browser(app).post("/sign-in", {"login": "ines", "password": PASSWORD})
    assert old.status_code == 422


async def test_a_newer_reset_link_kills_the_older_one(browser: Browser) -> None:
    account = await make.account()
    older = await links.make_link(links.RESET, account.id)
    await links.make_link(links.RESET, account.id)
    assert (await browser.get(f"/reset/{older}")).status_code == 404


async def test_a_reset_link_dies_after_two_hours(browser: Browser) -> None:
    account = await make.account()
    url = f"/reset/{await links.make_link(links.RESET, account.id)}"
    clock.shift(timedelta(hours=2, minutes=1))
    assert (await browser.post(url, {"password": NEW})).status_code == 404


async def test_a_link_of_one_purpose_serves_no_other(browser: Browser) -> None:
    account = await make.account()
    token = await links.make_link(links.RESET, account.id)
    assert (await browser.get(f"/link/{token}")).status_code == 404
    assert (await browser.get(f"/setup/{token}")).status_code == 404
