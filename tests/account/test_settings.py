"""One's own settings: language, password, sessions."""

import pytest
from quart import Quart

from rse.identity.models import Account, Person, Session
from rse.kernel.ids import to_public
from tests import make
from tests.make import PASSWORD
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")
NEW = "quiet rivers run deep"


async def test_language_zone_and_scheme_are_kept_and_used(browser: Browser) -> None:
    account = await make.account()
    await browser.sign_in(account)
    form = {"language": "fr", "timezone": "America/Montreal", "scheme": "dark"}
    assert (await browser.post("/settings", form)).status_code == 303
    page = await browser.text("/settings")
    assert '<html lang="fr"' in page
    assert 'data-scheme="dark"' in page
    assert (await Person.get(id=account.person_id)).timezone == "America/Montreal"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("language", "xx", "Choose one of the options"),
        ("timezone", "Nowhere/At_all", "Choose a time zone from the list"),
        ("timezone", "../../etc/passwd", "Choose a time zone from the list"),
        ("scheme", "<b>", "Choose one of the options"),
    ],
)
async def test_what_is_not_on_the_list_is_refused(
    browser: Browser, field: str, value: str, sentence: str
) -> None:
    await browser.sign_in(await make.account())
    form = {"language": "en", "timezone": "Europe/Paris", "scheme": "", field: value}
    response = await browser.post("/settings", form)
    assert response.status_code == 422
    assert sentence in await response.get_data(as_text=True)


async def test_a_new_password_needs_the_present_one_and_signs_the_others_out(
    browser: Browser, app: Quart
) -> None:
    account = await make.account(login="ines")
    await browser.sign_in(account)
    elsewhere = await Browser(app).sign_in(account)
    wrong = await browser.post("/settings/password", {"current": "wrong", "password": NEW})
    assert "not your present password" in await wrong.get_data(as_text=True)
    short = await browser.post("/settings/password", {"current": PASSWORD, "password": "short"})
    assert "at least 12 characters" in await short.get_data(as_text=True)
    done = await browser.post("/settings/password", {"current": PASSWORD, "password": NEW})
    assert "Your password has been changed" in await done.get_data(as_text=True)
    assert (await browser.get("/settings")).status_code == 200
    assert (await elsewhere.get("/settings")).status_code == 303
    fresh = await Browser(app).post("/sign-in", {"login": "ines", "password": NEW})
    assert fresh.status_code == 303


async def test_guessing_the_present_password_is_limited(browser: Browser) -> None:
    await browser.sign_in(await make.account())
    form = {"current": "wrong", "password": NEW}
    statuses = [(await browser.post("/settings/password", form)).status_code for _n in range(11)]
    assert statuses == [422] * 10 + [429]


async def test_a_password_of_the_directory_is_changed_there(browser: Browser) -> None:
    account = await make.account()
    await Account.filter(id=account.id).update(source="ldap:corp")
    await browser.sign_in(account)
    assert "directory (corp)" in await browser.text("/settings/security")
    refused = await browser.post("/settings/password", {"current": PASSWORD, "password": NEW})
    assert refused.status_code == 403


async def test_sessions_are_listed_and_ended_one_by_one(browser: Browser, app: Quart) -> None:
    account = await make.account()
    elsewhere = await Browser(app).sign_in(account)
    other = await Session.get(account_id=account.id)
    await Session.filter(id=other.id).update(browser="Mozilla/5.0 (X11; Linux) Firefox/140.0")
    await browser.sign_in(account)
    page = await browser.text("/settings/security")
    assert "Firefox on Linux" in page
    assert "This browser" in page
    await browser.post(f"/settings/sessions/{to_public(other.id)}/end")
    assert (await elsewhere.get("/settings")).status_code == 303
    assert (await browser.get("/settings")).status_code == 200


async def test_nobody_ends_the_session_of_somebody_else(browser: Browser, app: Quart) -> None:
    other = await make.account()
    theirs = await Browser(app).sign_in(other)
    session = await Session.get(account_id=other.id)
    await browser.sign_in(await make.account())
    await browser.post(f"/settings/sessions/{to_public(session.id)}/end")
    assert (await theirs.get("/settings")).status_code == 200


async def test_all_the_others_are_ended_at_once(browser: Browser, app: Quart) -> None:
    account = await make.account()
    others = [await Browser(app).sign_in(account) for _number in range(2)]
    await browser.sign_in(account)
    await browser.post("/settings/sessions/end-others")
    assert [(await one.get("/settings")).status_code for one in others] == [303, 303]
    assert (await browser.get("/settings")).status_code == 200


async def test_settings_are_for_those_who_are_signed_in(browser: Browser) -> None:
    for path in ("/settings", "/settings/security"):
        assert (await browser.get(path)).status_code == 303
    assert (await browser.post("/settings", {"language": "fr"})).status_code == 401
