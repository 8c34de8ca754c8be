"""Views, moving, sharing and mentions in a real browser."""

import pytest

from rse.feed.models import Comment, Mention, Post
from rse.identity.models import Account
from rse.kernel.ids import to_public
from rse.spaces import actions as spaces
from rse.spaces.models import Space
from tests import make
from tests.web_assets.conftest import Look

pytestmark = [pytest.mark.browser, pytest.mark.slow]


async def scene() -> tuple[Account, Space, Space, Post]:
    account = await make.account("Inès Kerbrat", login="ines")
    here = await make.space(account.person, "Projet Rive-Nord")
    there = await make.space(account.person, "Comité", access="secret")
    author = await make.person("Théo Lindqvist", login="theo")
    await spaces.admit(here.id, author.id)
    return account, here, there, await make.post(author, here, "The north façade is done.")


@pytest.mark.parametrize("script", [True, False])
async def test_an_order_is_chosen_kept_and_older_posts_are_reached(
    look: Look, script: bool
) -> None:
    account, here, _there, first = await scene()
    for n in range(21):
        await make.post(account.person, here, f"Number {n}")
    await make.comment(first)
    screen = await look(account, script=script)
    page = await screen.open("/?view=all&sort=activity")
    cards = page.locator("#feed .post")
    assert await cards.first.get_attribute("id") == f"post-{to_public(first.id)}"
    await page.get_by_role("link", name="Show older posts").click()
    await page.locator("#feed .post", has_text="Number 0").wait_for()
    page = await screen.open("/")
    assert await cards.first.get_attribute("id") == f"post-{to_public(first.id)}"
    assert screen.faults == []


async def test_muting_from_a_card_and_showing_again(look: Look) -> None:
    account, _here, _there, _post = await scene()
    screen = await look(account)
    page = await screen.open("/")
    await page.get_by_role("button", name="More actions").first.click()
    await page.get_by_role("link", name="Mute…").click()
    await page.get_by_role("button", name="Mute: Everything by Théo Lindqvist").click()
    await page.get_by_role("link", name="Théo Lindqvist").wait_for()
    page = await screen.open("/")
    assert await page.get_by_text("The north façade is done.").count() == 0
    page = await screen.open("/settings/mutes")
    await page.get_by_role("button", name="Show again: Théo Lindqvist").click()
    await page.get_by_text("You have muted nothing.").wait_for()
    assert screen.faults == []


@pytest.mark.parametrize("script", [True, False])
async def test_a_post_moves_after_its_readers_were_named(look: Look, script: bool) -> None:
    account, here, there, _post = await scene()
    mine = await make.post(account.person, here, "A plan for few")
    screen = await look(account, script=script)
    page = await screen.open(f"/posts/{to_public(mine.id)}/move")
    await page.get_by_role("button", name="See who will read it").click()
    await page.get_by_text("Will no longer find it: 1 colleague.").wait_for()
    await page.get_by_role("button", name="Move the post").click()
    await page.locator("article a", has_text="Comité").wait_for()
    assert (await Post.get(id=mine.id)).space_id == there.id
    assert screen.faults == []


async def test_a_post_is_shared_and_its_link_copied(look: Look) -> None:
    account, _here, _there, post = await scene()
    screen = await look(account)
    page = await screen.open("/")
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.get_by_role("button", name="More actions").first.click()
    await page.get_by_role("link", name="Permanent link").click()
    await page.get_by_text("Link copied").wait_for()
    copied = await page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{screen.address}/p/{to_public(post.id)}"
    await page.goto(copied)
    await page.get_by_role("link", name="Share", exact=True).click()
    await page.get_by_label("Your words").fill("Worth reading")
    await page.locator("main").get_by_role("button", name="Share").click()
    await page.locator(".quoted", has_text="The north façade is done.").wait_for()
    assert screen.faults == []


async def test_a_space_is_suggested_and_mentioned_in_a_comment(look: Look) -> None:
    account, _here, _there, post = await scene()
    screen = await look(account)
    page = await screen.open(f"/posts/{to_public(post.id)}")
    area = page.get_by_label("Write a comment…")
    await area.press_sequentially("Ask @riv")
    option = page.get_by_role("option", name="Projet Rive-Nord")
    await option.wait_for()
    await option.click()
    assert await area.input_value() == "Ask @projet-rive-nord "
    await area.press_sequentially("and @théo".replace("é", "e"))
    await page.get_by_role("option", name="Théo Lindqvist").click()
    await page.get_by_role("button", name="Send").last.click()
    await page.locator(".bubble a", has_text="@projet-rive-nord").wait_for()
    assert await Mention.filter(post_id=post.id).count() == 1
    assert screen.faults == []


async def test_a_long_thread_is_walked_and_quoted_without_script(look: Look) -> None:
    account, _here, _there, post = await scene()
    await Comment.bulk_create(
        Comment(post_id=post.id, author_id=account.person_id, source="x", html=f"<p>No. {n}</p>")
        for n in range(45)
    )
    screen = await look(account, script=False)
    page = await screen.open(f"/posts/{to_public(post.id)}")
    await page.get_by_text("No. 44", exact=True).wait_for()
    await page.get_by_role("link", name="Earlier comments").click()
    await page.get_by_text("No. 5", exact=True).wait_for()
    await page.locator(".reply", has_text="No. 5").get_by_role("link", name="Quote").click()
    box = page.locator("details[open] textarea")
    assert (await box.input_value()).startswith("> No. 5")
    await box.fill("> No. 5\n\nExactly")
    await page.locator("details[open]").get_by_role("button", name="Send").click()
    await page.get_by_text("Exactly").wait_for()
    await page.get_by_role("link", name="Newest comments").wait_for()
