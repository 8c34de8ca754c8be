"""Pins: put by owners and moderators, three at most, until their last day."""

from datetime import timedelta

import pytest

from rse.feed import actions as feed
from rse.feed.last_day import LastDay, today
from rse.feed.models import Post
from rse.identity.models import Person
from rse.kernel import clock
from rse.kernel.errors import NotAllowed, NotFound
from rse.kernel.ids import to_public
from rse.pins import actions, privacy, queries
from rse.pins.models import Pin
from rse.spaces import actions as spaces
from rse.spaces.models import Space
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


async def posts_in(space: Space, author: Person, count: int) -> list[Post]:
    return [await make.post(author, space, f"Nummer {n}") for n in range(count)]


async def test_a_pinned_post_stands_above_newer_ones_once(browser: Browser) -> None:
    account = await make.account()
    await browser.sign_in(account)
    space = await make.space(account.person)
    posts = await posts_in(space, account.person, 4)
    first, last = to_public(posts[0].id), to_public(posts[-1].id)
    assert f"/pins/{first}" in await browser.text(f"/spaces/{to_public(space.id)}")
    assert (await browser.post(f"/pins/{first}", {"last_day": ""})).status_code == 303
    page = await browser.text(f"/spaces/{to_public(space.id)}")
    assert page.count(f'id="post-{first}"') == 1
    assert page.index(f'id="post-{first}"') < page.index(f'id="post-{last}"')
    assert (await browser.post(f"/pins/{first}/removal")).status_code == 303
    page = await browser.text(f"/spaces/{to_public(space.id)}")
    assert page.index(f'id="post-{first}"') > page.index(f'id="post-{last}"')


async def test_the_fourth_is_refused_in_words(browser: Browser) -> None:
    account = await make.account()
    await browser.sign_in(account)
    space = await make.space(account.person)
    posts = await posts_in(space, account.person, 4)
    for post in posts[:3]:
        await actions.pin(account.person, post.id, LastDay())
    answer = await browser.post(f"/pins/{to_public(posts[3].id)}", {"last_day": ""})
    assert answer.status_code == 422
    assert "At most 3 posts can be pinned" in await answer.get_data(as_text=True)
    await actions.pin(account.person, posts[0].id, LastDay(last_day=today().isoformat()))
    assert len(await queries.of_space(space.id)) == 3


async def test_a_member_cannot_pin_and_sees_no_button(browser: Browser) -> None:
    account = await make.account()
    await browser.sign_in(account)
    space = await make.space()
    await spaces.admit(space.id, account.person_id)
    post = await make.post(account.person, space)
    assert "/pins/" not in await browser.text(f"/spaces/{to_public(space.id)}")
    assert (await browser.get(f"/pins/{to_public(post.id)}")).status_code == 403
    for change in (actions.pin(account.person, post.id, LastDay()),
                   actions.unpin(account.person, post.id)):  # fmt: skip
        with pytest.raises(NotAllowed):
            await change
    assert not await Pin.all().exists()


async def test_a_pin_ends_with_its_last_day() -> None:
    owner = await make.person()
    space = await make.space(owner)
    post = await make.post(owner, space)
    await actions.pin(owner, post.id, LastDay(last_day=today().isoformat()))
    assert await queries.of_space(space.id) == [post.id]
    clock.shift(timedelta(days=1, minutes=1))
    assert await queries.of_space(space.id) == []
    await actions.forget_ended()
    assert not await Pin.all().exists()


async def test_a_deleted_post_leaves_its_place_to_another() -> None:
    owner = await make.person()
    space = await make.space(owner)
    posts = await posts_in(space, owner, 4)
    for post in posts[:3]:
        await actions.pin(owner, post.id, LastDay())
    await feed.delete(owner, posts[0].id)
    await actions.pin(owner, posts[3].id, LastDay())
    assert await queries.of_space(space.id) == [posts[3].id, posts[2].id, posts[1].id]


@pytest.mark.parametrize("day", ["gestern", "2001-01-01", "2027-02-30"])
async def test_a_day_that_cannot_be_is_refused_beside_the_field(day: str, browser: Browser) -> None:
    account = await make.account()
    await browser.sign_in(account)
    post = await make.post(account.person)
    answer = await browser.post(f"/pins/{to_public(post.id)}", {"last_day": day})
    assert answer.status_code == 422
    assert 'id="last_day-error"' in await answer.get_data(as_text=True)


async def test_a_stranger_pins_nothing_in_a_secret_space() -> None:
    owner = await make.person()
    post = await make.post(owner, await make.space(owner, access="secret"))
    with pytest.raises(NotFound):
        await actions.pin(await make.person(), post.id, LastDay())


async def test_a_pin_outlives_the_name_of_who_put_it() -> None:
    owner = await make.person()
    space = await make.space(owner)
    post = await make.post(owner, space)
    await actions.pin(owner, post.id, LastDay())
    assert len((await privacy.export(owner.id))["pins"]) == 1
    await privacy.erase(owner.id)
    assert (await privacy.export(owner.id))["pins"] == []
    assert await queries.of_space(space.id) == [post.id]
