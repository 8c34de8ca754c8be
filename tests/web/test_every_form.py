"""Whatever is sent to whichever form or asked of whichever page: words, never a fault of ours."""

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from quart import Quart

import rse
from rse.feed.models import Post
from rse.identity.models import ACTIVE, Account, Person
from rse.kernel import limits
from rse.kernel.ids import to_public
from tests import make
from tests.web.addresses import NOBODY, addresses
from tests.web_client import Browser

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.slow]

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
FIELD = re.compile(r"""name="([a-z_]{2,24})"|(?:form|args)\.(?:get|getlist)\("([a-z_]+)\"""")

# What is wrong with what is sent: a piece of URL-encoded text in the place of every field.
HOSTILE = {
    "empty": "",
    "oversized": "x" * 12_000,
    "a number": "-99999999999999999999999999",
    "no utf-8": "%ff%fe%c3%28%ed%a0%80",
    "nul": "a%00b",
    "hidden signs": quote("\u202egnp.exe\u202c \u2067שלום\u2069 \u200b\u2060\ufeff 👨‍👩‍👧‍👦" * 9),
    "an id of nothing": NOBODY,
    "a day": "9999-12-31",
    "markup": quote("<script>alert(1)</script>{{7*7}}%s%(n)s{x}"),
}  # fmt: skip
BROKEN = {
    "a list": b"[]",
    "too deep": b"[" * 20_000,
    "no utf-8": b"\xff\xfe",
    "wrong types": b'{"body":{},"name":[],"space":1,"title":true,"version":"x","files":[{}]}',
    "half a character": b'{"body":"\\ud800","name":"\\ud800","title":"\\ud800","emoji":"\\ud800"}',
    "not a number": b'{"version":1e400,"body":"x","key":"k","space":"x"}',
}


def fields() -> list[str]:
    """Every name our forms and pages give to something that is sent."""
    root = Path(rse.__file__).parent
    sources = [path for kind in ("*.html", "*.py") for path in root.rglob(kind)]
    found = {a or b for path in sources for a, b in FIELD.findall(path.read_text("utf-8"))}
    return sorted(found)


@pytest.fixture
async def somebody() -> tuple[Account, Post]:
    """An administrator, so that every form is open, and a post of theirs."""
    account = await make.account(admin=True)
    return account, await make.post(account.person)


async def sent(browser: Browser, path: str, body: bytes, kind: str) -> int:
    token = await browser.form_token()
    headers = {"Host": "127.0.0.1", "Content-Type": kind, "X-CSRF-Token": token}
    answer = await browser.raw_post(path, body, headers)
    return answer.status_code


async def faults(
    app: Quart, browser: Browser, somebody: tuple[Account, Post], body: bytes, kind: str
) -> list[str]:
    """The addresses that answer with a fault."""
    account, post = somebody
    found = []
    for path in addresses(app, "POST", to_public(post.id)).values():
        # A form before may have ended the session, or used up what may be tried.
        limits.memory.reset()
        await Person.filter(id=account.person_id).update(status=ACTIVE)
        await browser.sign_in(account)
        status = await sent(browser, path, body, kind)
        if status >= 500:
            found.append(f"{path}: {status}")
    return found


@pytest.mark.parametrize("wrong", HOSTILE)
async def test_a_form_is_answered(
    wrong: str, app: Quart, browser: Browser, somebody: tuple[Account, Post]
) -> None:
    body = "&".join(f"{name}={HOSTILE[wrong]}" for name in fields())
    assert await faults(app, browser, somebody, body.encode(), FORM) == []


@pytest.mark.parametrize("wrong", BROKEN)
async def test_json_is_answered(
    wrong: str, app: Quart, browser: Browser, somebody: tuple[Account, Post]
) -> None:
    assert await faults(app, browser, somebody, BROKEN[wrong], JSON) == []


@pytest.mark.parametrize("wrong", ["nul", "no utf-8", "a number"])
async def test_a_page_is_answered(
    wrong: str, app: Quart, browser: Browser, somebody: tuple[Account, Post]
) -> None:
    account, post = somebody
    await browser.sign_in(account)
    asked = "&".join(f"{name}={HOSTILE[wrong][:300]}" for name in fields())
    found = []
    for path in addresses(app, "GET", to_public(post.id)).values():
        limits.memory.reset()
        answer = await browser.get(f"{path}?{asked}")
        if answer.status_code >= 500:
            found.append(f"{path}: {answer.status_code}")
    assert found == []
