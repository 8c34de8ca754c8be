"""Cards are kept for whoever sees the same; what changes shows at once, and nothing goes astray."""

import re
from datetime import timedelta
from html import unescape

import orjson
import pytest
from quart import Quart

from rse.bookmarks import actions as bookmarks
from rse.feed import actions as feed
from rse.feed.drafts import EditDraft, ReactionDraft
from rse.identity.models import Account, Person
from rse.kernel import clock
from rse.kernel.ids import to_public
from rse.spaces import actions as spaces
from rse.spaces.models import Membership
from rse.web import marks
from rse.web.pieces import Pieces, pieces
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


async def _signed_in(app: Quart, account: Account) -> Browser:
    return await Browser(app).sign_in(account)


async def _card(browser: Browser, post_id: int) -> str:
    page = await browser.text("/")
    start = page.index(f'id="post-{to_public(post_id)}"')
    return unescape(page[start : page.index("</article>", start)])


async def test_an_edited_post_and_a_renamed_author_show_at_once(app: Quart) -> None:
    account = await make.account("Ines Morvan")
    post = await make.post(account.person, body="Avant")
    browser = await _signed_in(app, account)
    assert "Avant" in await _card(browser, post.id)
    await feed.edit(account.person, post.id, EditDraft(body="Après", version=post.version))
    card = await _card(browser, post.id)
    assert "Après" in card
    assert "Avant" not in card
    await Person.filter(id=account.person_id).update(
        display_name="Ines Kermadec", avatar_digest="ab" * 32
    )
    card = await _card(browser, post.id)
    assert "Ines Kermadec" in card
    assert "Ines Morvan" not in card
    assert f"/avatar/{'ab' * 8}" in card


async def test_the_language_and_the_scheme_are_the_readers_own(app: Quart) -> None:
    account = await make.account()
    post = await make.post(account.person)
    browser = await _signed_in(app, account)
    assert "Comment" in await _card(browser, post.id)
    await Person.filter(id=account.person_id).update(language="de")
    assert "Kommentieren" in await _card(browser, post.id)
    await Account.filter(id=account.id).update(scheme="dark")
    assert 'data-scheme="dark"' in await browser.text("/")
    await Account.filter(id=account.id).update(scheme="light")
    assert 'data-scheme="light"' in await browser.text("/")


async def test_one_readers_bookmark_and_reaction_are_not_anothers(app: Quart) -> None:
    space = await make.space()
    one, other = await make.account(), await make.account()
    for account in (one, other):
        await spaces.admit(space.id, account.person_id)
    post = await make.post(one.person, space)
    mine, theirs = await _signed_in(app, one), await _signed_in(app, other)
    before = await _card(theirs, post.id)
    await bookmarks.toggle(one.person, post.id)
    await feed.react(one.person, post.id, ReactionDraft(emoji="👏"))
    pressed = 'title="Bookmark" aria-pressed="true"'
    reacted = 'value="👏" aria-pressed="true"'
    assert pressed in await _card(mine, post.id)
    assert reacted in await _card(mine, post.id)
    seen = await _card(theirs, post.id)
    assert pressed not in seen
    assert 'value="👏" aria-pressed="false"' in seen
    await bookmarks.toggle(one.person, post.id)
    await feed.withdraw(one.person, post.id, "👏")
    assert pressed not in await _card(mine, post.id)
    assert _without_token(before) == _without_token(await _card(theirs, post.id))


def _without_token(card: str) -> str:
    return re.sub(r'name="_csrf" value="\w+"', "", card)


async def test_a_role_and_its_end_act_at_once(browser: Browser) -> None:
    space = await make.space()
    account = await make.account()
    await spaces.admit(space.id, account.person_id)
    post = await make.post(await make.member(space), space)
    await browser.sign_in(account)
    here, deletion = f"/spaces/{to_public(space.id)}", f"/posts/{to_public(post.id)}/deletion"
    assert deletion not in await browser.text(here)
    member = Membership.filter(space_id=space.id, person_id=account.person_id)
    await member.update(role="moderator")
    assert deletion in await browser.text(here)
    await member.update(role="member")
    assert deletion not in await browser.text(here)


async def test_each_session_gets_its_own_form_token_and_each_form_a_key(app: Quart) -> None:
    account = await make.account()
    post = await make.post(account.person)
    sessions = [await _signed_in(app, account) for _number in range(2)]
    for browser in sessions:
        token = await browser.form_token()
        for path in ("/", f"/posts/{to_public(post.id)}", "/"):
            page = await browser.text(path)
            tokens = set(re.findall(r'name="_csrf" value="([^"]*)"', page))
            assert tokens == {token}
            keys = re.findall(r'name="key" value="([^"]*)"', page)
            assert len(keys) == len(set(keys)) > 0
            assert marks.FORM_TOKEN not in page
            assert marks.FRESH_KEY not in page
    first, second = await sessions[0].text("/"), await sessions[0].text("/")
    assert re.findall(r'name="key" value="([^"]*)"', first) != re.findall(
        r'name="key" value="([^"]*)"', second
    )


async def test_the_age_of_a_post_is_told_anew(app: Quart) -> None:
    account = await make.account()
    post = await make.post(account.person)
    browser = await _signed_in(app, account)
    clock.shift(timedelta(minutes=7))
    assert "7 min" in await _card(browser, post.id)
    clock.shift(timedelta(hours=3))
    assert "3 hr" in await _card(browser, post.id)


async def test_two_readers_for_whom_nothing_differs_share_a_card(app: Quart) -> None:
    space = await make.space()
    accounts = [await make.account() for _number in range(2)]
    for account in accounts:
        await spaces.admit(space.id, account.person_id)
    post = await make.post(await make.member(space), space)
    first, second = [await _signed_in(app, account) for account in accounts]
    await _card(first, post.id)
    kept = {key for key in pieces._kept if isinstance(key, tuple) and key[0] == "card"}
    await _card(second, post.id)
    assert kept == {key for key in pieces._kept if isinstance(key, tuple) and key[0] == "card"}


async def test_home_is_also_answered_as_json(app: Quart) -> None:
    account = await make.account("Ines Morvan")
    post = await make.post(account.person, body="Bonjour à tous")
    await make.comment(post, account.person, "Merci")
    await feed.react(account.person, post.id, ReactionDraft(emoji="👏"))
    browser = await _signed_in(app, account)
    answer = await browser.get("/", Accept="application/json")
    assert answer.content_type == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    [item] = orjson.loads(await answer.get_data())["items"]
    assert item["post"]["id"] == to_public(post.id)
    assert item["post"]["author"]["name"] == "Ines Morvan"
    assert "Bonjour à tous" in item["post"]["html"]
    assert "Merci" in item["last_comment"]["html"]
    assert (item["reactions"], item["my_reactions"]) == ({"👏": 1}, ["👏"])
    assert item["may_edit"]


def test_when_there_is_no_room_the_piece_longest_unseen_goes() -> None:
    kept = Pieces(most_characters=10)
    made: list[str] = []

    def render(name: str) -> str:
        made.append(name)
        return name * 4

    for name in ("a", "b", "a", "c", "a", "b"):
        assert kept.get(name, lambda name=name: render(name)) == name * 4  # type: ignore[misc]
    assert made == ["a", "b", "c", "b"]
