"""What live updates leave alone, and what they show: in a real browser under the real policy."""

import pytest
from playwright.async_api import expect

from rse.identity.policy import ProfilePolicy, change_profile_policy
from rse.kernel import jobs
from rse.kernel.ids import to_public
from rse.realtime.hub import hub
from rse.realtime.topics import topic_of
from tests import make
from tests.web_assets.conftest import Look
from tests.web_assets.test_scripts import a_post, two_colleagues

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WHERE = "document.querySelector('#comments > .reply-form textarea').getBoundingClientRect().top"


async def test_an_update_keeps_place_selection_open_boxes_and_words(look: Look) -> None:
    ines, theo, space = await two_colleagues()
    post = await a_post(ines, space, "Long\n\n" + "A line of words.\n\n" * 60)
    await make.comment(post, theo.person, "The first word")
    await jobs.drain()
    screen = await look(ines)
    page = await screen.open(f"/posts/{to_public(post.id)}")
    await page.locator(".answer-box summary").click()
    await page.locator(".answer-box textarea").fill("Half an answer")
    area = page.locator("#comments > .reply-form textarea")
    await area.fill("Half a sentence")
    await area.evaluate("one => one.setSelectionRange(5, 6)")
    await page.wait_for_timeout(600)
    before = await page.evaluate("scrollY")
    await make.comment(post, theo.person, "A word in between")
    await jobs.drain()
    await expect(page.get_by_text("A word in between")).to_be_visible()
    assert before > 0
    assert abs(await page.evaluate("scrollY") - before) < 400, "nothing jumps"
    await expect(area).to_be_focused()
    await expect(area).to_be_in_viewport()
    assert await area.evaluate("one => [one.selectionStart, one.selectionEnd]") == [5, 6]
    await expect(area).to_have_value("Half a sentence")
    await expect(page.locator(".answer-box").first).to_have_attribute("open", "")
    await expect(page.locator(".answer-box textarea").first).to_have_value("Half an answer")
    assert screen.faults == []


async def test_who_is_here_and_who_writes_is_shown_and_goes(look: Look) -> None:
    await change_profile_policy(ProfilePolicy(presence=True, typing=True))
    ines, theo, space = await two_colleagues()
    post = await a_post(ines, space)
    await make.comment(post, theo.person, "Here I am")
    await jobs.drain()
    screen = await look(ines)
    page = await screen.open(f"/posts/{to_public(post.id)}")
    mine = page.locator(f"#main [data-person='{to_public(ines.person_id)}'] .here")
    await expect(mine.first).to_be_visible()
    await expect(mine.first).to_have_text("Active now")
    line = page.locator("[data-typing]")
    topic = topic_of("thread", post.id)
    hub.pass_on(topic, "typing", {"person": to_public(theo.person_id), "name": "Théo"})
    await expect(line).to_have_text("Théo is writing…")
    hub.pass_on(topic, "typing", {"person": to_public(ines.person_id), "name": "Inès"})
    await expect(line).to_have_text("Théo is writing…")
    await expect(line).to_have_text("", timeout=9000)
    assert screen.faults == []


async def test_writing_a_comment_is_told(look: Look) -> None:
    await change_profile_policy(ProfilePolicy(typing=True))
    ines, theo, space = await two_colleagues()
    post = await a_post(ines, space)
    writer, reader = await look(theo), await look(ines)
    there = await writer.open(f"/posts/{to_public(post.id)}")
    here = await reader.open(f"/posts/{to_public(post.id)}")
    await here.wait_for_timeout(600)
    await there.locator("#comments > .reply-form textarea").press_sequentially("Well, I think")
    await expect(here.locator("[data-typing]")).to_contain_text("is writing…")
    assert writer.faults == reader.faults == []
