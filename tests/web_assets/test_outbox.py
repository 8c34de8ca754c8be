"""A reply written without a connection waits in the browser and is published once."""

import pytest
from playwright.async_api import Page, expect

from rse.feed.models import Comment, Post
from rse.kernel.ids import to_public
from rse.spaces import actions as spaces
from tests import make
from tests.web_assets.conftest import Look, Screen

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AREA = "#comments > .reply-form textarea"


async def offline_reply(screen: Screen, post: Post, words: str) -> Page:
    page = await screen.open(f"/posts/{to_public(post.id)}")
    await page.wait_for_timeout(500)
    await page.context.set_offline(True)
    await page.locator(AREA).fill(words)
    await page.locator(AREA).press("Control+Enter")
    await expect(page.locator("[data-waits]:visible")).to_have_count(1)
    await expect(page.locator("[data-words]")).to_have_text(words)
    await expect(page.locator(AREA)).to_have_value("")
    return page


async def test_a_reply_waits_and_is_sent_once_when_the_connection_is_back(look: Look) -> None:
    ines = await make.account("Inès Kerbrat")
    post = await make.post(ines.person)
    page = await offline_reply(await look(ines), post, "From the tunnel")
    assert await Comment.all().count() == 0
    await page.context.set_offline(False)
    await expect(page.locator(".bubble .prose").get_by_text("From the tunnel")).to_be_visible()
    await expect(page.locator("[data-waiting-reply]")).to_have_count(0)
    await page.evaluate("dispatchEvent(new Event('online'))")
    await page.reload()
    await expect(page.get_by_text("From the tunnel")).to_have_count(1)
    assert await Comment.all().count() == 1


async def test_a_waiting_reply_can_be_taken_back(look: Look) -> None:
    ines = await make.account("Inès Kerbrat")
    post = await make.post(ines.person)
    page = await offline_reply(await look(ines), post, "Not quite yet")
    await page.get_by_role("button", name="Take back").click()
    await expect(page.locator(AREA)).to_have_value("Not quite yet")
    await page.context.set_offline(False)
    await page.wait_for_timeout(500)
    assert await Comment.all().count() == 0


async def test_a_refused_reply_keeps_its_words(look: Look) -> None:
    ines, theo = await make.account("Inès Kerbrat"), await make.account("Théo Lindqvist")
    space = await make.space(ines.person)
    await spaces.admit(space.id, theo.person_id)
    post = await make.post(ines.person, space)
    page = await offline_reply(await look(theo), post, "Too late")
    await spaces.remove(ines.person, space.id, theo.person_id)
    await page.context.set_offline(False)
    await expect(page.locator("[data-refused]:visible")).to_have_count(1)
    await expect(page.locator("[data-words]")).to_have_text("Too late")
    assert await Comment.all().count() == 0
