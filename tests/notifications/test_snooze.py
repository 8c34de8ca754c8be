"""What is put away comes back on top, unread, and meanwhile counts nowhere."""

from datetime import timedelta

import pytest

from rse.kernel import clock, jobs
from rse.kernel.errors import Invalid
from rse.kernel.ids import to_public
from rse.notifications import actions, mark_read, notify
from rse.notifications.models import PUSH_SPREAD, Notification
from rse.notifications.queries import notices_by_thread, unread_count
from tests import make
from tests.notifications.conftest import Things
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app", "things")


async def tell(person_id: int, number: int, thread: int) -> None:
    await notify("test.mention", [person_id], key=f"c:{number}", object_id=number, thread_id=thread)


async def test_a_snoozed_thread_leaves_list_and_count_and_comes_back_on_top() -> None:
    ines = await make.person("Inès")
    await tell(ines.id, 1, 10)
    await tell(ines.id, 2, 11)
    await jobs.drain()
    await mark_read(ines.id, thread_id=10)
    await actions.snooze(ines.id, 10, clock.now() + timedelta(hours=2))
    assert await unread_count(ines.id) == 1
    assert [g.thread_id for g in (await notices_by_thread(ines.id)).page.items] == [11]
    await mark_read(ines.id)
    await actions.wake()
    assert await unread_count(ines.id) == 0
    clock.shift(timedelta(hours=3))
    await actions.wake()
    await jobs.drain()
    assert await unread_count(ines.id) == 1
    groups = (await notices_by_thread(ines.id)).page.items
    assert [(g.thread_id, g.unread) for g in groups] == [(10, 1), (11, 0)]
    assert (await Notification.get(thread_id=10)).push_state == PUSH_SPREAD


async def test_reading_the_thing_itself_wakes_it_as_read() -> None:
    ines = await make.person("Inès")
    await tell(ines.id, 1, 10)
    await actions.snooze(ines.id, 10, clock.now() + timedelta(hours=2))
    await mark_read(ines.id)
    assert (await Notification.get()).read_at is None, "marking all lets it sleep"
    await mark_read(ines.id, thread_id=10)
    notice = await Notification.get()
    assert notice.read_at is not None
    assert notice.snoozed_until is None


async def test_a_snooze_without_an_end_is_refused() -> None:
    ines = await make.person("Inès")
    await tell(ines.id, 1, 10)
    for wrong in (timedelta(0), timedelta(days=-1), timedelta(days=400)):
        with pytest.raises(Invalid):
            await actions.snooze(ines.id, 10, clock.now() + wrong)


async def test_from_the_menu_by_the_form_and_back_again(browser: Browser, things: Things) -> None:
    ines = await make.account("Inès")
    await tell(ines.person_id, 1, 10)
    await browser.sign_in(ines)
    assert "Remind me tomorrow" in await browser.text("/notifications")
    thread = to_public(10)
    await browser.post("/notifications/snooze", {"thread": thread, "until": "tomorrow"})
    page = await browser.text("/notifications")
    assert "1 notification comes back later." in page
    assert "Thread 10" not in page
    await browser.post("/notifications/snooze/end")
    assert "Thread 10" in await browser.text("/notifications")
    assert "Day and time" in await browser.text(f"/notifications/{thread}/snooze")
    for at in ("2001-01-01T10:00", "soon", "9999-01-01T00:00"):
        answer = await browser.post("/notifications/snooze", {"thread": thread, "at": at})
        assert answer.status_code == 422
        assert 'id="at-error"' in await answer.get_data(as_text=True)
    at = f"{clock.now() + timedelta(days=3):%Y-%m-%dT%H:%M}"
    await browser.post("/notifications/snooze", {"thread": thread, "at": at})
    assert await unread_count(ines.person_id) == 0


async def test_several_people_in_one_thread_are_said_in_one_line(browser: Browser) -> None:
    author = await make.account("Amélie Roussel")
    space = await make.space(author.person)
    post = await make.post(author.person, space)
    for name in ("Anna Weiss", "Rui Valadares", "Lea Marchetti", "Théo Lindqvist"):
        await make.comment(post, await make.member(space, name))
        await jobs.drain()  # several at once are told in whatever order the workers come to them
    await browser.sign_in(author)
    page = await browser.text("/notifications")
    assert "Théo Lindqvist and 3 others commented in" in page
    assert "4 notifications" in page
