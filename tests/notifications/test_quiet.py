"""In quiet hours mails and devices wait, and then everything comes once."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from quart import Quart

from rse.identity.models import Account
from rse.kernel import clock, jobs
from rse.mail.models import MailOut
from rse.mail.out import queue
from rse.notifications import notify
from rse.notifications.models import NoticeTimes, NoticeTrace, Notification
from rse.notifications.policy import NoticePolicy, change_policy
from rse.notifications.push import sending
from rse.notifications.queries import unread_count
from rse.notifications.times import change_times, silence_for
from tests import make
from tests.mail.post_office import post_office
from tests.notifications.push_service import PushService, serving
from tests.notifications.test_push import device
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app", "things")


@pytest_asyncio.fixture(loop_scope="session")
async def service() -> AsyncIterator[PushService]:
    async with serving() as one:
        yield one


async def tell(account: Account, number: int = 1, *, urgent: bool = False) -> None:
    await notify(
        "test.mention", [account.person_id], key=f"c:{number}", object_id=number, is_urgent=urgent
    )


async def _everything_due() -> None:
    await jobs.drain()
    await queue.send_due()
    await sending.spread_held()
    await jobs.drain()


async def test_a_pause_holds_mail_and_devices_and_nothing_is_lost_or_told_twice(
    app: Quart, service: PushService
) -> None:
    async with post_office(app) as office:
        ines = await make.account("Inès")
        await device(ines, service)
        await change_times(ines.person, paused_until=clock.now() + timedelta(hours=60))
        await tell(ines)
        await _everything_due()
        assert await unread_count(ines.person_id) == 1, "the list goes on"
        assert (len(service.came), office.catcher.caught) == (0, [])
        assert (await MailOut.get()).attempts == 0
        clock.shift(timedelta(hours=61))
        for _again in range(2):
            await _everything_due()
        assert len(service.came) == 1
        assert len(office.catcher.to(str(ines.person.email))) == 1
        steps = {(row.channel, row.step) for row in await NoticeTrace.all()}
        assert steps >= {("mail", "held"), ("push", "held"), ("mail", "handed"), ("push", "handed")}


async def test_what_was_read_in_the_quiet_is_not_mailed_after_it(
    app: Quart, browser: Browser
) -> None:
    async with post_office(app) as office:
        ines = await make.account("Inès")
        await change_times(ines.person, paused_until=clock.now() + timedelta(hours=8))
        await tell(ines)
        await _everything_due()
        await browser.sign_in(ines)
        await browser.post("/notifications/read")
        clock.shift(timedelta(hours=9))
        await _everything_due()
        assert office.catcher.caught == []


@pytest.mark.parametrize("passes", [True, False])
async def test_the_urgent_passes_only_where_the_administrator_allows_it(
    passes: bool, app: Quart, service: PushService
) -> None:
    async with post_office(app) as office:
        ines = await make.account("Inès")
        await device(ines, service)
        await change_policy(NoticePolicy(days_off="0123456", urgent_passes=passes))
        await tell(ines, urgent=True)
        await tell(ines, 2)
        await _everything_due()
        assert len(service.came) == int(passes)
        assert len(office.catcher.caught) == int(passes)
        held = await Notification.exclude(held_until=None).count()
        assert held == (1 if passes else 2)


async def test_own_hours_stand_in_place_of_the_company_s_unless_it_forbids_that() -> None:
    ines = (await make.account("Inès")).person
    await change_policy(NoticePolicy(days_off="0123456"))
    assert await silence_for(ines, is_urgent=False) is not None
    await change_times(ines, has_own_hours=True)
    assert await silence_for(ines, is_urgent=False) is None
    await change_policy(NoticePolicy(days_off="0123456", people_may_choose=False))
    assert await silence_for(ines, is_urgent=False) is not None


async def test_the_form_of_hours_says_what_is_wrong_and_keeps_what_was_typed(
    browser: Browser,
) -> None:
    ines = await make.account("Inès")
    await browser.sign_in(ines)
    page = "/settings/notifications/hours"
    wrong = {"quiet_from": "19:00", "away_from": "2026-12-24", "away_to": "2026-12-01"}
    answer = await browser.post(page, wrong)
    text = await answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="quiet_to-error"' in text
    assert 'id="away_to-error"' in text
    assert 'value="2026-12-24"' in text
    right: dict[str, str | list[str]] = {
        "has_own_hours": "on", "quiet_from": "19:00", "quiet_to": "07:30",
        "days_off": ["5", "6"], "away_from": "2026-12-24", "away_to": "2027-01-02",
    }  # fmt: skip
    assert (await browser.post(page, right)).status_code == 303
    times = await NoticeTimes.get(person_id=ines.person_id)
    assert (times.quiet_from, times.quiet_to, times.days_off) == (19 * 60, 450, "56")
    text = await browser.text("/settings/notifications")
    assert 'value="19:00"' in text
    assert text.count('name="days_off"') == 7


async def test_everything_is_paused_and_goes_on_from_the_settings(browser: Browser) -> None:
    ines = await make.account("Inès")
    await browser.sign_in(ines)
    until = f"{clock.now() + timedelta(days=2):%Y-%m-%dT%H:%M}"
    await browser.post("/settings/notifications/pause", {"until": until})
    assert "Nothing is sent until" in await browser.text("/settings/notifications")
    await browser.post("/settings/notifications/pause", {"until": ""})
    assert "Nothing is sent until" not in await browser.text("/settings/notifications")
    for wrong in ("2001-01-01T00:00", "next year"):
        answer = await browser.post("/settings/notifications/pause", {"until": wrong})
        assert answer.status_code == 422
