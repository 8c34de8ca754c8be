"""What is new since the last visit, and what makes it old."""

from datetime import timedelta

import pytest

from rse.feed import actions, queries
from rse.identity.models import Account
from rse.kernel import clock
from rse.kernel.ids import to_public
from rse.notifications.models import Notification
from rse.spaces import actions as spaces
from rse.spaces.models import Membership, Space
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


async def reader_of(space: Space, browser: Browser) -> Account:
    account = await make.account()
    await spaces.admit(space.id, account.person_id)
    await browser.sign_in(account)
    return account


async def seen(account: Account, space: Space) -> int:
    membership = await Membership.get(space_id=space.id, person_id=account.person_id)
    return int(membership.seen_id)


async def test_opening_home_alone_marks_nothing(browser: Browser) -> None:
    space = await make.space()
    account = await reader_of(space, browser)
    post = await make.post(await make.member(space), space)
    await browser.text("/")
    assert await queries.unread_count(account.person_id) == 1
    await browser.post("/feed/seen", {"newest": to_public(post.id)})
    assert await queries.unread_count(account.person_id) == 0


async def test_the_line_stays_for_the_length_of_a_visit_and_moves_with_the_next(
    browser: Browser,
) -> None:
    space = await make.space()
    account = await reader_of(space, browser)
    author = await make.member(space)
    first = await make.post(author, space)
    await actions.move_seen_line(account.person, first.id)
    clock.shift(timedelta(hours=2))
    second = await make.post(author, space)
    await actions.move_seen_line(account.person, second.id)
    visit = await queries.home_visit(account.person_id)
    assert visit is not None
    assert visit.line == first.id
    await actions.move_seen_line(account.person, second.id)
    visit = await queries.home_visit(account.person_id)
    assert visit is not None
    assert visit.line == first.id


async def test_a_space_that_is_only_prefetched_stays_unread(browser: Browser) -> None:
    space = await make.space()
    account = await reader_of(space, browser)
    post = await make.post(await make.member(space), space)
    before = await seen(account, space)
    await browser.get(f"/spaces/{to_public(space.id)}", Sec_Purpose="prefetch")
    assert await seen(account, space) == before
    await browser.text(f"/spaces/{to_public(space.id)}")
    assert await seen(account, space) == post.id


async def test_reading_one_post_does_not_mark_the_others(browser: Browser) -> None:
    space = await make.space()
    account = await reader_of(space, browser)
    author = await make.member(space)
    await make.post(author, space)
    newest = await make.post(author, space)
    await browser.text(f"/posts/{to_public(newest.id)}")
    assert await queries.unread_count(account.person_id) == 2
    assert not await Notification.filter(person_id=account.person_id, read_at=None).exists()


async def test_one_s_own_posts_are_never_new() -> None:
    author = await make.person()
    await make.post(author)
    assert await queries.unread_count(author.id) == 0


async def test_a_seen_mark_that_is_no_id_is_refused(browser: Browser) -> None:
    await browser.sign_in(await make.account())
    assert (await browser.post("/feed/seen", {"newest": "../../x"})).status_code == 404
