"""Weight of the home page as it travels: markup, style and script each have a budget."""

import gzip
import re

from quart import Quart

from rse.web import assets
from tests import make
from tests.web_client import Browser

KILOBYTE = 1000
STYLE = re.compile(r'<link rel="stylesheet" href="([^"]+)"')
SCRIPT = re.compile(r'<(?:script[^>]* src|link rel="modulepreload" href)="([^"]+)"')
POSTS = 25


async def test_home_keeps_to_its_budget(app: Quart) -> None:
    account = await make.account("Inès Kerbrat", language="de")
    space = await make.space(account.person, "Projet Rive-Nord")
    for number in range(POSTS):
        post = await make.post(account.person, space, f"Report {number}: " + "a long day. " * 40)
        await make.comment(post, account.person, f"Answer {number}")
    browser = await Browser(app).sign_in(account)
    text = await (await browser.get("/")).get_data(as_text=True)
    styles = [await _fetch(browser, path) for path in STYLE.findall(text)]
    scripts = [await _fetch(browser, path) for path in sorted(set(SCRIPT.findall(text)))]
    assert len(styles) == 2
    assert len(scripts) >= len(assets.modules())
    assert _packed(text.encode()) <= 40 * KILOBYTE
    assert sum(map(_packed, styles)) <= 30 * KILOBYTE
    assert sum(map(_packed, scripts)) <= 45 * KILOBYTE


async def _fetch(browser: Browser, path: str) -> bytes:
    answer = await browser.get(path)
    assert answer.status_code == 200, path
    return (await answer.get_data(as_text=True)).encode()


def _packed(data: bytes) -> int:
    return len(gzip.compress(data, 6))
