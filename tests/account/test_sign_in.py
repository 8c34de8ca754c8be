"""Signing in with a password: who may, who may not, and what the others learn."""

from datetime import timedelta

import pytest
from quart import Quart

from rse.identity import sign_in
from rse.identity.models import Account, Session
from rse.identity.people import deactivate
from rse.kernel import clock
from rse.kernel.errors import Unavailable
from tests import make
from tests.make import PASSWORD
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")
REFUSED = "This login and password do not belong together"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "FLOOR_SECONDS", 0.0)
    monkeypatch.setattr(sign_in, "authenticators", {})


async def attempt(
    browser: Browser, login: str, password: str, target: str = "/settings"
) -> tuple[int, str]:
    response = await browser.post(
        "/sign-in", {"login": login, "password": password, "next": target}
    )
    return response.status_code, str(await response.get_data(as_text=True))


async def test_the_right_password_opens_a_session_and_leads_where_one_was_going(
    browser: Browser,
) -> None:
    await make.account("Inès Morvan", login="ines")
    asked = await browser.get("/settings")
    assert asked.status_code == 303
    assert asked.headers["Location"] == "/sign-in?next=/settings"
    assert 'value="/settings"' in await browser.text("/sign-in?next=/settings")
    response = await browser.post(
        "/sign-in", {"login": " INES ", "password": PASSWORD, "next": "/settings"}
    )
    assert (response.status_code, response.headers["Location"]) == (303, "/settings")
    cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Language and appearance" in await browser.text("/settings")


async def test_the_whole_address_is_kept_for_after_sign_in(browser: Browser) -> None:
    asked = await browser.get("/people?q=a&organisation=b")
    page = await browser.text(asked.headers["Location"])
    assert 'name="next" value="/people?q=a&amp;organisation=b"' in page


async def test_the_mail_address_is_a_login_too(browser: Browser) -> None:
    await make.account("Inès Morvan", login="ines", email="ines.morvan@ostrelle.example")
    assert (await attempt(browser, "Ines.Morvan@ostrelle.example", PASSWORD))[0] == 303


async def test_an_address_that_two_accounts_have_opens_neither(browser: Browser) -> None:
    await make.account(login="one", email="desk@ostrelle.example")
    await make.account(login="two", email="desk@ostrelle.example")
    assert (await attempt(browser, "desk@ostrelle.example", PASSWORD))[0] == 422


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("ines", "wrong"),
        ("nobody", PASSWORD),
        ("ines", ""),
        ("", PASSWORD),
        ("ines", "x" * 5000),
        ("i" * 5000, PASSWORD),
        ("i" * 200, PASSWORD),
        ("ines\0", PASSWORD),
        ("*", PASSWORD),
        ("left", PASSWORD),
        ("corp", PASSWORD),
    ],
)
async def test_every_refusal_reads_the_same(browser: Browser, login: str, password: str) -> None:
    await make.account("Inès Morvan", login="ines")
    gone = await make.account("Left", login="left")
    await deactivate(gone.person_id, "admin")
    of_directory = await make.account("Corp", login="corp")
    await Account.filter(id=of_directory.id).update(source="ldap:corp")
    status, body = await attempt(browser, login, password)
    assert status == 422
    assert REFUSED in body
    assert await Session.all().count() == 0


async def test_what_was_typed_stays_but_never_the_password(browser: Browser) -> None:
    _status, body = await attempt(browser, 'in"es<b>', "secret words here")
    assert "in&#34;es&lt;b&gt;" in body
    assert "secret words here" not in body


async def test_a_partners_person_has_no_way_in(browser: Browser) -> None:
    person = await make.outsider("Rui Valadares")
    assert (await attempt(browser, person.handle, PASSWORD))[0] == 422


async def test_tries_are_counted_per_account_before_the_password_is_looked_at(
    browser: Browser,
) -> None:
    await make.account(login="ines")
    for _try in range(sign_in.TRIES_PER_ACCOUNT):
        assert (await attempt(browser, "ines", "wrong"))[0] == 422
    status, body = await attempt(browser, "ines", PASSWORD)
    assert status == 429
    assert "Too many tries" in body
    assert await Session.all().count() == 0


async def test_the_limit_is_the_same_for_a_login_nobody_has(browser: Browser) -> None:
    statuses = [
        (await attempt(browser, "ghost", "wrong"))[0]
        for _try in range(sign_in.TRIES_PER_ACCOUNT + 1)
    ]
    assert statuses == [422] * sign_in.TRIES_PER_ACCOUNT + [429]


async def test_a_success_forgets_the_failures_before_it(browser: Browser, app: Quart) -> None:
    await make.account(login="ines")
    for _try in range(sign_in.TRIES_PER_ACCOUNT - 1):
        await attempt(browser, "ines", "wrong")
    assert (await attempt(browser, "ines", PASSWORD))[0] == 303
    assert (await attempt(Browser(app), "ines", "wrong"))[0] == 422


async def test_a_network_has_a_limit_of_its_own(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in, "TRIES_PER_NETWORK", 3)
    await make.account(login="ines")
    statuses = [(await attempt(browser, f"ghost{n}", "wrong"))[0] for n in range(3)]
    assert statuses == [422, 422, 422]
    assert (await attempt(browser, "ines", PASSWORD))[0] == 429


async def test_refusals_last_equally_long(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []

    async def noted(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr(sign_in, "FLOOR_SECONDS", 5.0)
    monkeypatch.setattr("rse.identity.sign_in.asyncio.sleep", noted)
    await make.account(login="ines")
    for login in ("ines", "ghost", "i" * 500):
        await attempt(browser, login, "wrong")
    assert len(waits) == 3
    assert all(4 < wait < 5.1 for wait in waits)


@pytest.mark.parametrize(
    "target",
    ["//evil.example/x", "https://evil.example", "/\\evil.example", "javascript:alert(1)", ""],
)
async def test_sign_in_leads_nowhere_else(browser: Browser, target: str) -> None:
    await make.account(login="ines")
    response = await browser.post(
        "/sign-in", {"login": "ines", "password": PASSWORD, "next": target}
    )
    assert response.headers["Location"] == "/"


async def test_the_session_is_a_new_one_after_each_sign_in(browser: Browser) -> None:
    account = await make.account(login="ines")
    await browser.sign_in(account)
    before = await Session.get(account_id=account.id)
    assert (await attempt(browser, "ines", PASSWORD))[0] == 303
    after = await Session.get(account_id=account.id)
    assert after.token_key != before.token_key


async def test_signing_out_ends_the_session_for_good(browser: Browser) -> None:
    account = await make.account()
    await browser.sign_in(account)
    assert (await browser.post("/sign-out")).status_code == 303
    assert await Session.filter(account_id=account.id).count() == 0


async def test_a_session_ends_after_a_fortnight_without_use(browser: Browser) -> None:
    await browser.sign_in(await make.account())
    clock.shift(timedelta(days=15))
    assert (await browser.get("/settings")).status_code == 303


async def test_a_form_from_another_site_is_refused(browser: Browser) -> None:
    await make.account(login="ines")
    form = {"login": "ines", "password": PASSWORD}
    assert (await browser.post("/sign-in", form, Sec_Fetch_Site="cross-site")).status_code == 403
    assert (await browser.post("/sign-in", {**form, "_csrf": "0" * 40})).status_code == 403


class Directory:
    """A directory as sign-in sees one."""

    def __init__(self, account: Account | None = None, *, down: bool = False) -> None:
        self.account, self.down, self.asked = account, down, 0

    async def __call__(self, login: str, password: str) -> Account | None:
        self.asked += 1
        if self.down:
            raise Unavailable("The company directory does not answer. Try again in a moment.")
        return self.account if password == "directory word" else None


async def test_a_directory_opens_its_own_accounts_only_with_its_own_password(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = await make.account(login="theo")
    await Account.filter(id=account.id).update(source="ldap:corp")
    monkeypatch.setitem(sign_in.authenticators, "ldap", Directory(account))
    assert (await attempt(browser, "theo", PASSWORD))[0] == 422
    assert (await attempt(browser, "theo", "directory word"))[0] == 303


async def test_a_local_account_never_reaches_the_directory(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = await make.account(login="admin", admin=True)
    directory = Directory(account)
    monkeypatch.setitem(sign_in.authenticators, "ldap", directory)
    assert (await attempt(browser, "admin", "directory word"))[0] == 422
    assert directory.asked == 0


async def test_a_silent_directory_is_said_and_local_accounts_still_come_in(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make.account(login="admin", admin=True)
    monkeypatch.setitem(sign_in.authenticators, "ldap", Directory(down=True))
    status, body = await attempt(browser, "theo", "directory word")
    assert status == 503
    assert "does not answer" in body
    assert (await attempt(browser, "admin", PASSWORD))[0] == 303


async def test_a_switched_off_person_is_refused_even_if_the_directory_agrees(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = await make.account(login="theo")
    await Account.filter(id=account.id).update(source="ldap:corp")
    await deactivate(account.person_id, "admin")
    monkeypatch.setitem(sign_in.authenticators, "ldap", Directory(account))
    assert (await attempt(browser, "theo", "directory word"))[0] == 422


async def test_the_page_speaks_the_chosen_language_before_sign_in(browser: Browser) -> None:
    response = await browser.post("/language", {"language": "de", "next": "/sign-in"})
    assert response.headers["Location"] == "/sign-in"
    assert '<html lang="de"' in await browser.text("/sign-in")
    assert (await browser.post("/language", {"language": "xx"})).status_code == 422
