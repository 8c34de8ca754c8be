"""What scripts add, in a real browser under the real policy."""

import pytest
from playwright.async_api import expect

from rse.feed.models import Post
from rse.identity.models import Account
from rse.kernel import jobs
from rse.kernel.ids import to_public
from rse.realtime.hub import hub
from rse.realtime.listener import SLOW
from rse.spaces import actions as spaces
from rse.spaces.models import Space
from tests import make
from tests.web_assets.conftest import Look

pytestmark = [pytest.mark.browser, pytest.mark.slow]


async def two_colleagues() -> tuple[Account, Account, Space]:
    ines, theo = await make.account("Inès Kerbrat"), await make.account("Théo Lindqvist")
    space = await make.space(ines.person, "Rive-Nord")
    await spaces.admit(space.id, theo.person_id)
    return ines, theo, space


async def a_post(account: Account, space: Space, body: str = "Bonjour") -> Post:
    post = await make.post(account.person, space, body)
    await jobs.drain()
    return post


async def test_a_new_post_shows_a_pill_and_pushes_nothing(look: Look) -> None:
    ines, theo, space = await two_colleagues()
    await a_post(ines, space, "The first")
    screen = await look(ines)
    for path, words in (("/", "Seen at home"), (f"/spaces/{to_public(space.id)}", "Seen there")):
        page = await screen.open(path)
        await page.wait_for_timeout(400)  # until the page listens
        await a_post(theo, space, "Something new")
        pill = page.locator("[data-live-pill]")
        await expect(pill).to_have_text("1 new post")
        await a_post(theo, space, words)
        await expect(pill).to_have_text("2 new posts")
        await expect(page.get_by_text(words)).to_have_count(0)
        await pill.get_by_role("link").click()
        await expect(page.get_by_text(words).first).to_be_visible()
    assert screen.faults == []


async def test_without_websocket_the_same_comes_as_events(look: Look) -> None:
    ines, theo, space = await two_colleagues()
    screen = await look(ines)
    await screen.page.route_web_socket("**/live", lambda socket: socket.close())
    page = screen.page
    async with page.expect_response("**/live/events**", timeout=25_000):
        await screen.open("/")
    await page.wait_for_timeout(400)
    await a_post(theo, space, "Through the other door")
    await expect(page.locator("[data-live-pill]")).to_have_text("1 new post")


async def test_a_lost_connection_is_said_and_what_was_missed_comes_after(look: Look) -> None:
    ines, theo, space = await two_colleagues()
    screen = await look(ines)
    page = await screen.open("/")
    await page.wait_for_timeout(400)
    await page.context.set_offline(True)
    await expect(page.locator("[data-offline]")).to_be_visible()
    await a_post(theo, space, "Written meanwhile")
    await page.context.set_offline(False)
    await hub.drop(ines.person_id, SLOW)
    await expect(page.locator("[data-live-pill] a")).to_be_visible()
    await expect(page.locator("[data-offline]")).to_be_hidden()


async def test_a_new_comment_arrives_and_typed_words_stay(look: Look) -> None:
    ines, theo, space = await two_colleagues()
    post = await a_post(ines, space)
    screen = await look(ines)
    page = await screen.open(f"/posts/{to_public(post.id)}")
    area = page.locator("#comments > .reply-form textarea")
    await area.fill("Half a sentence")
    await page.wait_for_timeout(400)
    await make.comment(post, theo.person, "A word in between")
    await jobs.drain()
    await expect(page.get_by_text("A word in between")).to_be_visible()
    await expect(area).to_have_value("Half a sentence")
    await expect(area).to_be_focused()
    assert screen.faults == []


async def test_a_comment_is_sent_in_place_and_the_field_is_empty_after(look: Look) -> None:
    ines, _theo, space = await two_colleagues()
    post = await a_post(ines, space)
    screen = await look(ines)
    page = await screen.open(f"/posts/{to_public(post.id)}")
    area = page.locator("#comments > .reply-form textarea")
    await area.fill("Sent with two keys")
    await area.press("Control+Enter")
    await expect(page.locator(".bubble").get_by_text("Sent with two keys")).to_be_visible()
    await expect(page.locator("#comments > .reply-form textarea")).to_have_value("")
    assert screen.faults == []


async def test_a_reaction_shows_at_once_and_the_page_stays(look: Look) -> None:
    ines, _theo, space = await two_colleagues()
    await a_post(ines, space)
    screen = await look(ines)
    page = await screen.open("/")
    await page.evaluate("window.still = true")
    await page.locator(".react-more summary").first.click()
    await page.locator(".react-choices button").first.click()
    await expect(page.locator(".react[aria-pressed=true]")).to_have_count(1)
    assert await page.evaluate("window.still") is True
    assert screen.faults == []


async def test_a_draft_survives_a_reload_and_is_forgotten_once_sent(look: Look) -> None:
    ines, _theo, space = await two_colleagues()
    await a_post(ines, space)
    screen = await look(ines)
    page = await screen.open("/")
    await page.locator("[data-composer] > summary").click()
    await page.locator("#composer textarea").fill("An unfinished thought")
    await page.reload()
    await expect(page.locator("#composer textarea")).to_have_value("An unfinished thought")
    await page.get_by_role("button", name="Publish").click()
    await expect(page.locator(".post").get_by_text("An unfinished thought").first).to_be_visible()
    page = await screen.open("/")
    await expect(page.locator("#composer textarea")).to_have_value("")
    assert screen.faults == []


async def test_a_mention_is_suggested_and_taken_with_the_keyboard(look: Look) -> None:
    ines, theo, space = await two_colleagues()
    post = await a_post(ines, space)
    screen = await look(ines)
    page = await screen.open(f"/posts/{to_public(post.id)}")
    area = page.locator("#comments > .reply-form textarea")
    await area.press_sequentially("Ask @thé")
    await expect(page.get_by_role("option", name="Théo")).to_be_visible()
    await area.press("Enter")
    await expect(area).to_have_value(f"Ask @{theo.person.handle} ")
    assert screen.faults == []


async def test_menus_open_with_the_keyboard_and_give_focus_back(look: Look) -> None:
    ines, _theo, _space = await two_colleagues()
    page = await (await look(ines)).open("/")
    await page.locator(".me").focus()
    await page.keyboard.press("Enter")
    items = page.locator("#me-menu .item")
    await expect(items.first).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await expect(items.nth(1)).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.locator(".me")).to_be_focused()


async def test_single_keys_move_through_posts_and_can_be_turned_off(look: Look) -> None:
    ines, _theo, space = await two_colleagues()
    for body in ("one", "two"):
        await a_post(ines, space, body)
    page = await (await look(ines)).open("/")
    await page.wait_for_load_state("networkidle")
    await page.keyboard.press("j")
    await page.keyboard.press("j")
    await expect(page.locator("[data-item]").nth(1)).to_be_focused()
    await page.keyboard.press("?")
    await page.get_by_label("Use single keys").uncheck()
    await page.keyboard.press("Escape")
    await page.keyboard.press("/")
    await expect(page.locator("#find")).not_to_be_focused()


async def test_a_refused_comment_is_told_and_its_words_stay(look: Look) -> None:
    ines, theo, space = await two_colleagues()
    post = await a_post(ines, space)
    screen = await look(theo)
    page = await screen.open(f"/posts/{to_public(post.id)}")
    await spaces.remove(ines.person, space.id, theo.person_id)
    area = page.locator("#comments > .reply-form textarea")
    await area.fill("Too late")
    await area.press("Control+Enter")
    await expect(page.get_by_role("alert").first).to_be_visible()
    await expect(area).to_have_value("Too late")
