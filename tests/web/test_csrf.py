"""Forms of other sites change nothing, before sign-in and after."""

import pytest

from rse.feed.models import Post
from rse.kernel.ids import to_public
from tests import make
from tests.web_client import Browser


@pytest.mark.parametrize(
    "headers",
    [{"Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "same-site"},
     {"Origin": "https://evil.example"}, {"Origin": "null"}],
    ids=["cross-site", "sub-domain", "other origin", "no origin"],
)  # fmt: skip
async def test_another_site_s_form_is_refused_even_with_the_token(
    headers: dict[str, str], browser: Browser
) -> None:
    account = await make.account()
    await browser.sign_in(account)
    space = await make.space(account.person)
    form: dict[str, str | list[str]] = {"space": to_public(space.id), "body": "x"}
    answer = await browser.post("/posts", form, **headers)
    assert answer.status_code == 403
    assert await Post.all().count() == 0


async def test_a_form_without_the_token_is_refused(browser: Browser) -> None:
    account = await make.account()
    await browser.sign_in(account)
    space = await make.space(account.person)
    answer = await browser.post(
        "/posts", {"_csrf": "0" * 40, "space": to_public(space.id), "body": "x"}
    )
    assert answer.status_code == 403


async def test_the_token_of_another_session_is_refused(browser: Browser) -> None:
    account = await make.account()
    await browser.sign_in(account)
    other = await browser.form_token()
    await browser.sign_in(account)
    space = await make.space(account.person)
    answer = await browser.post(
        "/posts", {"_csrf": other, "space": to_public(space.id), "body": "x"}
    )
    assert answer.status_code == 403


async def test_our_own_form_is_taken(browser: Browser) -> None:
    account = await make.account()
    await browser.sign_in(account)
    space = await make.space(account.person)
    answer = await browser.post(
        "/posts", {"space": to_public(space.id), "body": "x"}, Origin="http://127.0.0.1"
    )
    assert answer.status_code == 303
