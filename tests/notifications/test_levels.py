"""How much of a thread or space somebody hears, and what the administrator says for all."""

import pytest

from rse.kernel.ids import to_public
from rse.kernel.jobs import drain
from rse.notifications import notify, preferences
from rse.notifications.models import Notification
from rse.notifications.policy import NoticePolicy, change_policy
from tests import make
from tests.notifications.conftest import Things
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


async def test_in_a_space_for_mentions_only_what_is_for_oneself_comes() -> None:
    owner = await make.person()
    space = await make.space(owner)
    reader = await make.member(space, "Lea Marchetti")
    await preferences.set_level(reader.id, space.id, "mentions")
    await make.post(owner, space, "Bonjour à tous")
    await make.post(owner, space, f"Et à toi, @{reader.handle}")
    await drain()
    assert [n.kind for n in await Notification.filter(person_id=reader.id)] == ["feed.mention"]


async def test_who_wants_all_of_a_space_hears_comments_they_took_no_part_in() -> None:
    owner = await make.person()
    space = await make.space(owner)
    reader = await make.member(space, "Lea Marchetti")
    await preferences.choose(reader.id, {"feed.post": set()})
    await preferences.set_level(reader.id, space.id, "all")
    post = await make.post(owner, space)
    await make.comment(post)
    await drain()
    kinds = {n.kind for n in await Notification.filter(person_id=reader.id)}
    assert kinds == {"feed.post", "feed.comment"}


async def test_what_is_said_of_a_thread_beats_what_is_said_of_its_space(things: Things) -> None:
    ines = await make.person("Inès")
    await preferences.set_level(ines.id, 99, "nothing")
    await preferences.set_level(ines.id, 10, "all")
    await notify("test.follow", [ines.id], key="c:1", object_id=1, thread_id=10, space_id=99)
    await notify("test.follow", [ines.id], key="c:2", object_id=2, thread_id=11, space_id=99)
    assert [n.thread_id for n in await Notification.filter(person_id=ines.id)] == [10]


async def test_who_may_not_read_any_more_hears_nothing_whatever_they_chose() -> None:
    owner = await make.person()
    space = await make.space(owner, access="secret")
    outside = await make.person("Rui")
    post = await make.post(owner, space)
    await preferences.set_level(outside.id, post.id, "all")
    await make.comment(post)
    await drain()
    assert not await Notification.exists(person_id=outside.id)


async def test_the_space_and_the_post_offer_the_choice_in_words(browser: Browser) -> None:
    account = await make.account()
    space = await make.space(account.person)
    post = await make.post(account.person, space)
    await browser.sign_in(account)
    for page, number in ((f"/spaces/{to_public(space.id)}", space.id),
                         (f"/posts/{to_public(post.id)}", post.id)):  # fmt: skip
        assert "Only what is meant for me" in await browser.text(page)
        form = {"object": to_public(number), "level": "mentions", "back": page}
        answer = await browser.post("/notifications/levels", form)
        assert answer.headers["Location"] == page
        assert await preferences.level_of(account.person_id, number) == "mentions"
        assert "What I hear of it: Only what is meant for me" in await browser.text(page)


async def test_a_way_back_that_leads_elsewhere_is_not_gone(browser: Browser) -> None:
    await browser.sign_in(await make.account())
    for back in ("//evil.example", "https://evil.example", "/\\evil.example"):
        form = {"object": to_public(5), "level": "nothing", "back": back}
        answer = await browser.post("/notifications/levels", form)
        assert answer.headers["Location"] == "/notifications"
    form = {"object": to_public(5), "level": "loud"}
    assert (await browser.post("/notifications/levels", form)).status_code == 422


async def test_the_administrator_s_defaults_hold_for_whoever_has_chosen_nothing(
    things: Things,
) -> None:
    ines, theo = await make.person("Inès"), await make.person("Théo")
    await preferences.choose(theo.id, {"test.follow": {"in_app", "push"}, "test.mention": set()})
    await change_policy(NoticePolicy(defaults={"test.follow": ["mail"]}))
    assert (await preferences.matrix(ines.id))["test.follow"] == {"mail"}
    assert (await preferences.matrix(theo.id))["test.follow"] == {"in_app", "push"}
    assert (await preferences.matrix(ines.id))["test.mention"] == {"in_app", "mail", "push"}


async def test_an_announcement_stands_in_the_list_of_who_wants_nothing() -> None:
    ines = await make.person("Inès")
    await preferences.choose(ines.id, {"announcements.new": set()})
    await preferences.mute(ines.id, 99)
    await notify("announcements.new", [ines.id], key="a:1", object_id=1, space_id=99)
    notice = await Notification.get()
    assert (notice.in_app, notice.mail_state, notice.push_state) == (True, "", "")
