"""The installed app in a real browser: offline page, visited pages, sign-out, shared words."""

import json

import pytest
from playwright.async_api import Page, expect

from rse.branding import brand
from rse.feed.models import Post
from rse.identity.sessions import end_sessions
from rse.kernel.ids import to_public
from tests import make
from tests.web_assets.conftest import Look

pytestmark = [pytest.mark.browser, pytest.mark.slow]

KEPT = "caches.keys().then(names => names.filter(name => name.startsWith('pages-')))"


async def until_it_works(page: Page) -> None:
    """The worker has taken over, and has seen this page."""
    await page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    await page.reload()
    await page.wait_for_timeout(300)


async def test_without_a_connection_the_brand_stays_and_visited_pages_can_be_read(
    look: Look,
) -> None:
    ines = await make.account("Inès Kerbrat")
    post = await make.post(ines.person, body="To be read on the train")
    screen = await look(ines)
    page = await screen.open("/")
    await until_it_works(page)
    await screen.open(f"/posts/{to_public(post.id)}")
    await page.wait_for_timeout(300)
    assert screen.faults == []
    await page.context.set_offline(True)
    await page.goto(f"{screen.address}/people")
    await expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    await expect(page.locator("[data-part=brand]")).to_have_text(brand().name)
    await expect(page.get_by_text("Inès")).to_have_count(0)
    await page.goto(f"{screen.address}/posts/{to_public(post.id)}")
    await expect(page.get_by_text("To be read on the train").first).to_be_visible()


async def test_signing_out_takes_the_visited_pages_away(look: Look) -> None:
    ines = await make.account("Inès Kerbrat")
    screen = await look(ines)
    page = await screen.open("/")
    await until_it_works(page)
    assert len(await page.evaluate(KEPT)) == 1
    await page.locator(".me").click()
    await page.get_by_role("button", name="Sign out").click()
    await expect(page).to_have_url(f"{screen.address}/sign-in")
    await page.wait_for_timeout(300)
    assert await page.evaluate(KEPT) == []
    await page.context.set_offline(True)
    await page.goto(f"{screen.address}/")
    await expect(page.get_by_role("heading", name="No connection")).to_be_visible()


async def test_a_session_that_was_ended_elsewhere_takes_them_away_too(look: Look) -> None:
    ines = await make.account("Inès Kerbrat")
    screen = await look(ines)
    page = await screen.open("/")
    await until_it_works(page)
    await end_sessions(ines.id)
    await screen.open("/people")
    await page.wait_for_timeout(300)
    assert await page.evaluate(KEPT) == []


async def test_shared_words_fill_the_composer_and_wait_for_the_button(look: Look) -> None:
    ines = await make.account("Inès Kerbrat")
    await make.space(ines.person)
    screen = await look(ines)
    page = await screen.open("/share?title=Rive-Nord&text=Look&url=https://ostrelle.example/a?b=1")
    area = page.locator("#composer textarea")
    await expect(area).to_be_visible()
    await expect(area).to_have_value("Look\nhttps://ostrelle.example/a?b=1")
    await expect(page.locator("#composer [name=title]")).to_have_value("Rive-Nord")
    assert await Post.all().count() == 0
    await page.get_by_role("button", name="Publish").click()
    await expect(page.locator(".post").get_by_text("Look").first).to_be_visible()
    assert await Post.all().count() == 1
    assert screen.faults == []


async def test_a_pushed_notice_is_shown_with_its_words(look: Look) -> None:
    ines = await make.account("Inès Kerbrat")
    screen = await look(ines)
    await screen.page.context.grant_permissions(["notifications"], origin=screen.address)
    page = await screen.open("/settings/notifications")
    await until_it_works(page)
    await expect(page.get_by_role("button", name="Notify me on this device")).to_be_visible()
    session = await page.context.new_cdp_session(page)
    found: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(each["registrationId"] for each in event["registrations"]),
    )
    await session.send("ServiceWorker.enable")
    await page.wait_for_timeout(200)
    words = {"title": "Théo answered", "body": "Yes", "url": "/notifications", "tag": "t"}
    for _twice in range(2):
        await session.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": screen.address, "registrationId": found[0], "data": json.dumps(words)},
        )
    await page.wait_for_timeout(300)
    shown = await page.evaluate(
        "navigator.serviceWorker.ready.then(r => r.getNotifications())"
        ".then(all => all.map(one => [one.title, one.body, one.tag, one.data.url]))"
    )
    assert shown == [["Théo answered", "Yes", "t", "/notifications"]]
    assert screen.faults == []
