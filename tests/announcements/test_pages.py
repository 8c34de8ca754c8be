"""The pages of announcements, as a person without scripts uses them."""

import pytest

from rse.announcements import actions, exports
from rse.announcements.models import Announcement
from rse.feed.models import Post
from rse.identity.models import Person
from rse.kernel.ids import to_public
from rse.spaces.models import Membership
from tests import make
from tests.announcements.world import announce, change, day_after
from tests.feed.test_reads import asked
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")
BUTTON = "I have read it"


async def test_an_announcement_is_published_from_the_space_with_the_number_of_people_it_asks(
    browser: Browser,
) -> None:
    account = await make.account()
    await browser.sign_in(account)
    space = await make.space(account.person)
    for _each in range(3):
        await make.member(space)
    place = to_public(space.id)
    assert f"/announcements/new?space={place}" in await browser.text(f"/spaces/{place}")
    assert "3 people are asked" in await browser.text(f"/announcements/new?space={place}")
    form = {"space": place, "title": "Casque", "body": "Obligatoire", "last_day": day_after(3)}
    answer = await browser.post("/announcements", {**form, "newcomers": "on"})
    assert answer.status_code == 303
    post = await Post.get(title="Casque")
    assert post.kind == "announcement"
    assert (await Announcement.get(post_id=post.id)).for_newcomers
    assert "0 of 3 people have read it" in await browser.text(f"/posts/{to_public(post.id)}")


@pytest.mark.parametrize("day", ["2001-01-01", "31/12/2030", "9999-12-31", "<script>"])
async def test_a_day_that_cannot_be_is_refused_beside_the_field_and_the_words_stay(
    day: str, browser: Browser
) -> None:
    account = await make.account()
    await browser.sign_in(account)
    space = await make.space(account.person)
    answer = await browser.post(
        "/announcements", {"space": to_public(space.id), "body": "Gardez <ceci>", "last_day": day}
    )
    page = await answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="last_day-error"' in page
    assert "Gardez &lt;ceci&gt;" in page
    assert await Post.all().count() == 0


async def test_a_member_has_no_form(browser: Browser) -> None:
    account = await make.account()
    await browser.sign_in(account)
    space = await make.space()
    await Membership.create(space=space, person=account.person)
    assert (await browser.get("/announcements/new")).status_code == 403
    assert "/announcements/new" not in await browser.text(f"/spaces/{to_public(space.id)}")
    answer = await browser.post("/announcements", {"space": to_public(space.id), "body": "Non"})
    assert answer.status_code == 403


async def _asked(browser: Browser) -> tuple[Person, Post, str]:
    """Somebody at a browser whom an announcement asks."""
    account = await make.account()
    await browser.sign_in(account)
    owner = await make.person()
    space = await make.space(owner)
    await Membership.create(space=space, person=account.person)
    post = await announce(owner, space)
    for _each in range(25):
        await make.post(owner, space)
    return account.person, post, to_public(post.id)


async def test_it_stands_on_top_until_it_is_acknowledged(browser: Browser) -> None:
    _person, _post, number = await _asked(browser)
    home = await browser.text("/")
    assert home.count(f'id="post-{number}"') == 1
    assert BUTTON in home
    assert "have read it</a>" not in home, "the count is for the author and the owners"
    answer = await browser.post(f"/announcements/{number}/acknowledgement")
    assert answer.status_code == 303
    assert f'id="post-{number}"' not in await browser.text("/")
    page = await browser.text(f"/posts/{number}")
    assert BUTTON not in page
    assert "You confirmed on" in page


async def test_a_script_gets_the_foot_of_the_card(browser: Browser) -> None:
    _person, _post, number = await _asked(browser)
    answer = await browser.post(f"/announcements/{number}/acknowledgement", HX_Request="true")
    text = await answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert text.strip().startswith("<div")
    assert "You confirmed on" in text


async def test_only_the_author_and_owners_see_who_has_read_it(browser: Browser) -> None:
    _person, _post, number = await _asked(browser)
    for page in ("", "/receipts.csv", "/edit"):
        assert (await browser.get(f"/announcements/{number}{page}")).status_code == 403


async def test_the_author_sees_each_state_and_no_hour(browser: Browser) -> None:
    account = await make.account()
    await browser.sign_in(account)
    space = await make.space(account.person)
    keen, silent = await make.member(space, "Inès Keen"), await make.member(space, "Rui Silent")
    post = await announce(account.person, space)
    await actions.acknowledge(keen, post.id)
    url = f"/announcements/{to_public(post.id)}"
    assert "1 of 2 people have read it" in await browser.text(url)
    confirmed = await browser.text(f"{url}?state=3")
    assert "Inès Keen" in confirmed
    assert "Rui Silent" not in confirmed
    assert silent.display_name in await browser.text(f"{url}?state=1&after=nonsense")


async def test_the_export_is_signed_and_a_changed_one_is_told(browser: Browser) -> None:
    account = await make.account()
    await browser.sign_in(account)
    space = await make.space(account.person)
    await actions.acknowledge(
        await make.member(space, "=HYPERLINK(1)"), (await announce(account.person, space)).id
    )
    post = await Post.get(kind="announcement")
    answer = await browser.get(f"/announcements/{to_public(post.id)}/receipts.csv")
    content = await answer.get_data(as_text=False)
    assert b"'=HYPERLINK" in content
    assert exports.is_genuine(content)
    assert exports.is_genuine(content.replace(b"\n", b"\r\n"))
    assert not exports.is_genuine(content.replace(b"Confirmed", b"Told", 1))
    for forged in (b"", b"signature,", b"\xff\xfe", b"a,b\nsignature,00\n"):
        assert not exports.is_genuine(forged)


async def test_an_edit_goes_to_its_own_form_and_a_stale_one_keeps_the_words(
    browser: Browser,
) -> None:
    account = await make.account()
    await browser.sign_in(account)
    space = await make.space(account.person)
    post = await announce(account.person, space)
    number = to_public(post.id)
    answer = await browser.get(f"/posts/{number}/edit")
    assert answer.headers["Location"].endswith(f"/announcements/{number}/edit")
    assert "One that everybody must read" in await browser.text(f"/announcements/{number}/edit")
    await change(account.person, post, "minor")
    form = {"body": "Mes mots", "title": "", "version": "1", "size": "major"}
    stale = await browser.post(f"/announcements/{number}/edit", form)
    page = await stale.get_data(as_text=True)
    assert stale.status_code == 409
    assert "Mes mots" in page
    assert (await Announcement.get(post_id=post.id)).round == 1
    assert (await browser.post(f"/announcements/{number}/edit", {"body": "x"})).status_code == 422


async def test_three_announcements_ask_the_database_no_more_than_one(browser: Browser) -> None:
    account = await make.account()
    await browser.sign_in(account)
    owner = await make.person()
    space = await make.space(owner)
    await Membership.create(space=space, person=account.person)
    counts = []
    for more in (1, 2):
        for _each in range(more):
            await announce(owner, space)
        await browser.text("/")
        async with asked() as found:
            await browser.text("/")
        counts.append(int(found))
    assert counts[0] == counts[1]
