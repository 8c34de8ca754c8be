"""Scheduled posts: published in their moment, under the rights of then, or kept with the reason."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from rse.feed.models import Post
from rse.files import actions as files
from rse.identity import people
from rse.identity.models import Person
from rse.kernel import clock
from rse.kernel.errors import NotAllowed, NotFound
from rse.kernel.ids import to_public
from rse.kernel.jobs import drain
from rse.notifications.models import Notification
from rse.scheduled import actions, privacy, queries
from rse.scheduled.drafts import ScheduleDraft
from rse.scheduled.models import ScheduledPost
from rse.spaces import actions as spaces
from rse.spaces.models import Space
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")
HOUR = timedelta(hours=1)


def moment(wait: timedelta, zone: str = "Europe/Paris") -> dict[str, str]:
    at = (clock.now() + wait).astimezone(ZoneInfo(zone))
    return {"day": f"{at:%Y-%m-%d}", "time": f"{at:%H:%M}"}


async def waiting(author: Person, space: Space, body: str = "Demain") -> ScheduledPost:
    """A post that is due in two hours."""
    draft = ScheduleDraft(space=to_public(space.id), body=body, **moment(2 * HOUR))
    return await actions.schedule(author, draft)


async def strike() -> None:
    """Two hours pass, and the clock strikes twice."""
    clock.shift(2 * HOUR)
    for _again in range(2):
        await actions.publish_due()
    await drain()


async def test_it_is_published_in_its_moment_and_not_before() -> None:
    author = await make.person()
    space = await make.space(author)
    reader = await make.member(space)
    await waiting(author, space, f"Bonjour @{reader.handle}")
    clock.shift(HOUR)
    await actions.publish_due()
    assert await Post.all().count() == 0
    await strike()
    post = await Post.get(author_id=author.id)
    assert f"/people/{to_public(reader.id)}" in post.html
    assert await ScheduledPost.all().count() == 0
    assert await Notification.exists(person_id=reader.id, kind="feed.mention")


async def test_who_was_put_out_meanwhile_is_told_and_keeps_the_words() -> None:
    author = await make.person()
    space = await make.space()
    await spaces.admit(space.id, author.id)
    found = await waiting(author, space, "Gardez ceci")
    await spaces.dismiss(space.id, author.id)
    await strike()
    assert await Post.all().count() == 0
    kept = await queries.scheduled_for(author, found.id)
    assert (kept.source, "Join this space" in kept.refusal) == ("Gardez ceci", True)
    assert await Notification.filter(person_id=author.id, kind="scheduled.refused").count() == 1


async def test_one_that_is_refused_holds_up_no_other() -> None:
    author = await make.person()
    closed, open_ = await make.space(author), await make.space(author)
    await waiting(author, closed)
    await waiting(author, open_)
    await Space.filter(id=closed.id).update(archived_at=clock.now())
    await strike()
    assert [post.space_id for post in await Post.all()] == [open_.id]


async def test_nothing_is_published_for_somebody_who_was_switched_off() -> None:
    author = await make.person()
    await waiting(author, await make.space(author))
    await people.deactivate(author.id, "admin")
    await strike()
    assert await Post.all().count() == 0


async def test_a_refused_post_waits_again_once_it_is_changed() -> None:
    author = await make.person()
    space, other = await make.space(author), await make.space(author)
    found = await waiting(author, space)
    await Space.filter(id=space.id).update(archived_at=clock.now())
    await strike()
    draft = ScheduleDraft(space=to_public(other.id), body="Ailleurs", **moment(2 * HOUR))
    await actions.change(author, found.id, draft)
    assert not await Notification.exists(kind="scheduled.refused")
    clock.shift(2 * HOUR)
    await strike()
    assert (await Post.get(author_id=author.id)).space_id == other.id


async def test_one_may_schedule_only_where_one_may_write() -> None:
    stranger = await make.person()
    with pytest.raises(NotAllowed):
        await waiting(stranger, await make.space())
    with pytest.raises(NotFound):
        await waiting(stranger, await make.space(access="secret"))


async def test_from_the_composer_to_the_post_with_its_files(browser: Browser) -> None:
    account = await make.account()
    await browser.sign_in(account)
    place = to_public((await make.space(account.person)).id)
    assert 'formaction="/scheduled/new"' in await browser.text("/")
    file = to_public((await files.store(account.person, "plan.txt", b"Plan")).id)
    answer = await browser.post("/scheduled/new", {"space": place, "body": "Gardez <ceci>"})
    assert "Gardez &lt;ceci&gt;" in await answer.get_data(as_text=True)
    form: dict[str, str | list[str]] = {"space": place, "body": "Avec un plan", "files": [file]}
    form.update(moment(2 * HOUR))
    assert (await browser.post("/scheduled", form)).status_code == 303
    assert "Avec un plan" in await browser.text("/scheduled")
    [found] = await queries.own(account.person)
    assert "1 file comes along" in await browser.text(f"/scheduled/{to_public(found.id)}")
    await strike()
    assert "plan.txt" in await browser.text("/")


async def test_the_hour_is_the_author_s_own(browser: Browser) -> None:
    account = await make.account()
    await Person.filter(id=account.person_id).update(timezone="America/New_York")
    await browser.sign_in(account)
    place = to_public((await make.space(account.person)).id)
    form = {"space": place, "body": "Early", **moment(2 * HOUR, "America/New_York")}
    assert (await browser.post("/scheduled", form)).status_code == 303
    [found] = await queries.own(account.person)
    assert timedelta(minutes=110) < found.send_at - clock.now() <= 2 * HOUR


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("day", ""), ("day", "2001-01-01"), ("day", "<b>"), ("day", "9999-12-31"),
        ("time", "25:00"), ("time", ""), ("body", " "), ("body", "x" * 20_001),
    ],
)  # fmt: skip
async def test_what_cannot_be_is_refused_beside_a_field_and_the_words_stay(
    field: str, value: str, browser: Browser
) -> None:
    account = await make.account()
    await browser.sign_in(account)
    place = to_public((await make.space(account.person)).id)
    form = {"space": place, "body": "Mes mots", **moment(HOUR), field: value}
    answer = await browser.post("/scheduled", form)
    page = await answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'role="alert"' in page
    assert field == "body" or "Mes mots" in page
    assert await ScheduledPost.all().count() == 0


async def test_the_same_form_sent_twice_schedules_one(browser: Browser) -> None:
    account = await make.account()
    await browser.sign_in(account)
    place = to_public((await make.space(account.person)).id)
    for _again in range(2):
        await browser.post("/scheduled", {"space": place, "body": "Un", "key": "k", **moment(HOUR)})
    assert await ScheduledPost.all().count() == 1


async def test_cancelling_takes_it_away_and_only_one_s_own(browser: Browser) -> None:
    account = await make.account()
    await browser.sign_in(account)
    mine = await waiting(account.person, await make.space(account.person))
    other = await make.person()
    theirs = await waiting(other, await make.space(other))
    for path in ("", "/cancellation"):
        answer = await browser.post(f"/scheduled/{to_public(theirs.id)}{path}")
        assert answer.status_code == 404
    assert (await browser.post(f"/scheduled/{to_public(mine.id)}/cancellation")).status_code == 303
    assert [post.id for post in await ScheduledPost.all()] == [theirs.id]


async def test_what_is_scheduled_goes_with_its_author() -> None:
    author = await make.person()
    await waiting(author, await make.space(author))
    assert len((await privacy.export(author.id))["scheduled"]) == 1
    await privacy.erase(author.id)
    assert await ScheduledPost.all().count() == 0
