"""The views of the feed: what each shows, in which order, through which filter."""

from datetime import timedelta

import pytest

from rse.federation.io.models import Partner, Share
from rse.feed import actions, queries
from rse.feed.drafts import MuteDraft, PostDraft
from rse.feed.models import HomeVisit, StreamItem
from rse.feed.streams import Wish
from rse.follows import actions as follows
from rse.identity.models import Person
from rse.kernel import clock
from rse.kernel.ids import at_time, to_public
from rse.kernel.pages import NEWEST
from rse.spaces import actions as spaces
from rse.spaces.models import Space
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


async def seen(reader: Person, wish: Wish) -> list[int]:
    return list((await queries.home_page(reader.id, wish=wish)).items)


async def test_the_company_s_own_posts_alone() -> None:
    reader = await make.person()
    company = await make.space(reader)
    await Space.filter(id=company.id).update(is_company=True)
    other = await make.space(reader)
    await make.post(reader, other)
    mine = await make.post(reader, company)
    assert await seen(reader, Wish(view="company")) == [mine.id]


async def test_followed_people_are_read_in_open_spaces_too_but_never_in_closed_ones() -> None:
    reader, author, other = [await make.person() for _ in range(3)]
    await follows.follow(reader, author.id)
    public = await make.post(author)
    await make.post(author, await make.space(author, access="secret"))
    await make.post(other)
    assert await seen(reader, Wish(view="followed")) == [public.id]


async def test_a_partner_s_view_shows_the_spaces_it_reads() -> None:
    reader = await make.person()
    shared, own = await make.space(reader), await make.space(reader)
    company = await make.organisation()
    partner = await Partner.create(
        organisation=company, origin="https://brumelis.example", name="Brumelis", state="active",
        public_key="z6Mk", inbox="https://brumelis.example/fed/inbox",
        stream="https://brumelis.example/fed/stream", invited_by_us=True, partnership="p1",
    )  # fmt: skip
    await Share.create(
        partner=partner, hosted_by_us=True, space_id=shared.id, group_uri="https://o.example/g",
        group_name="x", invite_uri="https://o.example/i", state="active",
    )  # fmt: skip
    await make.post(reader, own)
    post = await make.post(reader, shared)
    assert await seen(reader, Wish(view="partner", scope_id=company.id)) == [post.id]
    await Partner.filter(id=partner.id).update(state="suspended")
    assert await seen(reader, Wish(view="partner", scope_id=company.id)) == []


async def test_announcements_alone() -> None:
    reader = await make.person()
    space = await make.space(reader)
    await make.post(reader, space)
    told = await actions.publish(
        reader, PostDraft(space=to_public(space.id), body="Lisez"), kind="announcement"
    )
    assert await seen(reader, Wish(view="announcements")) == [told.id]
    assert await seen(reader, Wish(kind="announcement")) == [told.id]
    assert told.id not in await seen(reader, Wish(kind="post"))


async def test_the_latest_activity_comes_first_and_a_deleted_comment_takes_it_back() -> None:
    reader = await make.person()
    space = await make.space(reader)
    first, second = [await make.post(reader, space) for _ in range(2)]
    by_activity = Wish(sort="activity")
    assert await seen(reader, by_activity) == [second.id, first.id]
    comment = await make.comment(first)
    assert await seen(reader, by_activity) == [first.id, second.id]
    assert await seen(reader, Wish()) == [second.id, first.id]
    await actions.delete_comment(reader, comment.id)
    assert await seen(reader, by_activity) == [second.id, first.id]
    await actions.delete(reader, first.id)
    await actions.restore(reader, first.id)
    assert (await StreamItem.get(post_id=first.id)).activity_id == first.id


@pytest.mark.parametrize("sort", ["newest", "activity"])
async def test_pages_follow_each_other_without_a_gap_while_new_posts_come(sort: str) -> None:
    reader = await make.person()
    spaces_ = [await make.space(reader) for _ in range(3)]
    made = [(await make.post(reader, spaces_[n % 3])).id for n in range(9)]
    wish, found, cursor = Wish(sort=sort), list[int](), NEWEST
    for _page in range(3):
        page = await queries.home_page(reader.id, cursor, limit=4, wish=wish)
        found += page.items
        cursor = page.next_cursor or 0
        await make.post(reader, spaces_[0])
    assert cursor == 0
    assert found == made[::-1]


async def test_by_author_and_by_day() -> None:
    reader = await make.person()
    space = await make.space(reader)
    author = await make.member(space)
    old = await make.post(author, space)
    clock.shift(timedelta(days=3))
    await make.post(reader, space)
    new = await make.post(author, space)
    secret = await make.space(author, access="secret")
    await make.post(author, secret)
    assert await seen(reader, Wish(author_id=author.id)) == [new.id, old.id]
    day = at_time(clock.now() - timedelta(days=1))
    assert await seen(reader, Wish(author_id=author.id, since_id=day)) == [new.id]
    assert await seen(reader, Wish(until_id=day)) == [old.id]
    for sort in ("newest", "activity"):
        here = Wish(view="space", scope_id=space.id, sort=sort, since_id=day)
        assert len(await seen(reader, here)) == 2


async def test_a_filter_that_finds_little_looks_so_far_and_offers_to_go_on() -> None:
    reader = await make.person()
    space = await make.space(reader)
    other = await make.member(space)
    await actions.mute(reader, MuteDraft(kind="person", target=to_public(other.id)))
    mine = await make.post(reader, space)
    for _ in range(25):
        await make.post(other, space)
    page = await queries.home_page(reader.id, limit=1)
    # 2 + 5 + 17 looked at; the next page finds it.
    assert (page.items, bool(page.next_cursor)) == ([], True)
    further = await queries.home_page(reader.id, page.next_cursor or 0, limit=1)
    assert further.items == [mine.id]


async def test_view_and_order_are_remembered_and_not_by_what_is_fetched_in_advance(
    browser: Browser,
) -> None:
    account = await make.account()
    await browser.sign_in(account)
    await browser.get("/?view=company", Sec_Purpose="prefetch")
    assert not await HomeVisit.exists(person_id=account.person_id)
    page = await browser.text("/?view=company&sort=activity")
    assert "Latest activity" in page
    again = await browser.text("/")
    assert 'href="/?view=company" aria-current="page"' in again
    space = await make.space(account.person)
    here = await browser.text(f"/spaces/{to_public(space.id)}")
    assert f'href="/spaces/{to_public(space.id)}?sort=activity" aria-current="true"' in here
    await browser.text(f"/spaces/{to_public(space.id)}?sort=newest")
    kept = await HomeVisit.get(person_id=account.person_id)
    assert (kept.view, kept.sort) == ("company", "newest")


async def test_older_posts_are_a_link_that_keeps_view_and_filter(browser: Browser) -> None:
    account = await make.account()
    space = await make.space(account.person)
    for _ in range(22):
        await make.post(account.person, space)
    await browser.sign_in(account)
    page = await browser.text("/?view=all&kind=post")
    assert "Show older posts" in page
    assert "view=all&amp;kind=post&amp;before=" in page


async def test_a_wrong_filter_says_what_to_do_beside_its_field(browser: Browser) -> None:
    account = await make.account("Inès Kerbrat")
    for name in ("Théo Martin", "Léa Martin"):
        await make.person(name)
    await browser.sign_in(account)
    page = await browser.text("/?since=yesterday&author=martin")
    assert "Write a day, such as" in page
    assert "Several people have this name" in page
    assert "Nobody has this name" in await browser.text("/?author=zzz")
    await spaces.admit((await make.space()).id, account.person_id)
    exact = await browser.text("/?author=In%C3%A8s%20Kerbrat&view=all")
    assert "Nobody has this name" not in exact
    assert "Several people" not in exact
