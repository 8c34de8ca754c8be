"""The list of notices, as somebody at a browser meets it."""

import re
from datetime import timedelta

import pytest

from rse.kernel import clock, reads
from rse.kernel.ids import to_public
from rse.notifications import notify, preferences
from rse.notifications.actions import forget_old
from rse.notifications.models import Notification
from rse.notifications.queries import (
    _HEADS,
    _UNREAD,
    GROUPS,
    SHOWN_PER_GROUP,
    notices_by_thread,
    unread_count,
)
from tests import make
from tests.notifications.conftest import Things
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


async def test_an_empty_list_says_what_will_be_here(browser: Browser, things: Things) -> None:
    await browser.sign_in(await make.account())
    page = await browser.text("/notifications")
    assert "Nothing new" in page
    assert "Mark all as read" not in page


async def test_the_list_is_grouped_by_thread_and_tells_what_is_new(
    browser: Browser, things: Things
) -> None:
    ines, theo = await make.account("Inès"), await make.person("Théo Lindqvist")
    for number, thread in ((1, 10), (2, 11), (3, 10)):
        await notify(
            "test.mention", [ines.person_id], key=f"c:{number}", object_id=number,
            thread_id=thread, actor_id=theo.id,
        )  # fmt: skip
    await browser.sign_in(ines)
    page = await browser.text("/notifications")
    assert page.count('data-part="notice.group"') == 2
    assert page.index("Thread 10") < page.index("Thread 11")
    assert (
        page.index("test.mention of 3") < page.index("test.mention of 1") < page.index("Thread 11")
    )
    assert "3 unread" in page
    assert 'aria-label="Notifications, 3"' in page


async def test_a_notice_leads_to_the_thing_itself_and_is_read_everywhere(
    browser: Browser, things: Things
) -> None:
    ines = await make.account("Inès")
    await notify("test.mention", [ines.person_id], key="c:1", object_id=1)
    notice = await Notification.get()
    await browser.sign_in(ines)
    answer = await browser.get(f"/notifications/{to_public(notice.id)}/open")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/things/{to_public(1)}"
    assert await unread_count(ines.person_id) == 0


async def test_nobody_opens_another_person_s_notice(browser: Browser, things: Things) -> None:
    ines, theo = await make.account("Inès"), await make.account("Théo")
    await notify("test.mention", [ines.person_id], key="c:1", object_id=1)
    notice = await Notification.get()
    await browser.sign_in(theo)
    answer = await browser.get(f"/notifications/{to_public(notice.id)}/open")
    assert answer.status_code == 404
    await browser.post("/notifications/read", {"notice": to_public(notice.id)})
    assert await unread_count(ines.person_id) == 1


async def test_what_may_not_be_seen_any_more_is_neither_shown_nor_counted(
    browser: Browser, things: Things
) -> None:
    ines = await make.account("Inès")
    await notify("test.mention", [ines.person_id], key="c:1", object_id=1)
    await notify("test.mention", [ines.person_id], key="c:2", object_id=2)
    things.gone.add(1)
    await browser.sign_in(ines)
    page = await browser.text("/notifications")
    assert "test.mention of 1" not in page
    assert "1 unread" in page
    assert await unread_count(ines.person_id) == 1
    notice = await Notification.get(event_key="c:1")
    answer = await browser.get(f"/notifications/{to_public(notice.id)}/open")
    assert answer.status_code == 404


async def test_one_press_reads_a_thread_and_one_all(browser: Browser, things: Things) -> None:
    ines = await make.account("Inès")
    for number, thread in ((1, 10), (2, 11), (3, 10)):
        await notify(
            "test.mention", [ines.person_id], key=f"c:{number}", object_id=number, thread_id=thread
        )
    await browser.sign_in(ines)
    await browser.post("/notifications/read", {"thread": to_public(10)})
    assert await unread_count(ines.person_id) == 1
    answer = await browser.post("/notifications/read")
    assert answer.status_code == 303
    assert await unread_count(ines.person_id) == 0


async def test_the_list_goes_on_where_the_page_ends(browser: Browser, things: Things) -> None:
    ines = await make.account("Inès")
    for number in range(1, GROUPS + 4):
        await notify("test.mention", [ines.person_id], key=f"c:{number}", object_id=number)
    await browser.sign_in(ines)
    first = await browser.text("/notifications")
    assert first.count('data-part="notice.group"') == GROUPS
    found = re.search(r"/notifications\?before=\w{13}", first)
    assert found
    second = await browser.text(found.group())
    assert second.count('data-part="notice.group"') == 3
    assert "?before=" not in second
    shown = set(re.findall(r"Thread \d+", first)) | set(re.findall(r"Thread \d+", second))
    assert len(shown) == GROUPS + 3


async def test_a_page_takes_two_reads_and_asks_each_kind_once(things: Things) -> None:
    ines = await make.person("Inès")
    for number in range(1, 31):
        await notify("test.mention", [ines.id], key=f"c:{number}", object_id=number)
    token = reads.counter.set([])
    try:
        await notices_by_thread(ines.id)
        await unread_count(ines.id)
        assert len(reads.counter.get() or []) == 3
    finally:
        reads.counter.reset(token)
    assert things.described == 1


async def test_an_unread_notice_far_down_in_a_thread_is_not_forgotten(
    browser: Browser, things: Things
) -> None:
    ines = await make.account("Inès")
    for number in range(1, 20):
        await notify(
            "test.mention", [ines.person_id], key=f"c:{number}", object_id=number, thread_id=10
        )
    await Notification.exclude(event_key="c:1").update(read_at=clock.now())
    await browser.sign_in(ines)
    page = await browser.text("/notifications")
    assert page.count('data-part="notice"') == SHOWN_PER_GROUP
    assert "data-unread" in page


async def test_reads_walk_along_an_index(things: Things) -> None:
    if reads.is_postgres():
        return  # its planner scans a table this small, whatever the index
    for sql, values in ((_UNREAD, [1, 1]), (_HEADS, [1, 9, 20])):
        plan = await reads.rows(lambda *row: row[-1], f"EXPLAIN QUERY PLAN {sql}", *values)
        assert not [step for step in plan if step.startswith("SCAN")], plan
        assert not [step for step in plan if "TEMP B-TREE" in step], plan


async def test_muting_a_thread_from_its_menu(browser: Browser, things: Things) -> None:
    ines = await make.account("Inès")
    await notify("test.mention", [ines.person_id], key="c:1", object_id=1, thread_id=10)
    await browser.sign_in(ines)
    await browser.post("/notifications/mutes", {"object": to_public(10), "muted": "true"})
    assert "Muted" in await browser.text("/notifications")
    assert "You chose for 1 conversation or space" in await browser.text("/settings/notifications")
    await browser.post("/notifications/mutes/removal")
    assert await preferences.muted_of(ines.person_id, [10]) == set()
    await browser.post("/notifications/mutes", {"object": to_public(10), "muted": "true"})
    await browser.post("/notifications/mutes", {"object": to_public(10), "muted": "false"})
    assert await preferences.muted_of(ines.person_id, [10]) == set()


async def test_the_form_keeps_what_was_chosen(browser: Browser, things: Things) -> None:
    ines = await make.account("Inès")
    await browser.sign_in(ines)
    page = await browser.text("/settings/notifications")
    assert "Somebody names me" in page
    answer = await browser.post(
        "/settings/notifications",
        {"in_app": ["test.mention", "test.unknown"], "mail": "test.follow"},
    )
    assert answer.status_code == 303
    found = await preferences.matrix(ines.person_id)
    assert found["test.mention"] == {"in_app"}
    assert found["test.follow"] == {"mail"}
    page = await browser.text("/settings/notifications?saved=1")
    assert "Your choices are kept." in page
    assert re.search(r'name="mail" value="test.follow" checked', page)
    assert not re.search(r'name="mail" value="test.mention" checked', page)


@pytest.mark.parametrize("path", ["/notifications?before=nonsense", "/notifications?before=0"])
async def test_a_place_in_the_list_nobody_can_read(
    browser: Browser, things: Things, path: str
) -> None:
    await browser.sign_in(await make.account())
    assert (await browser.get(path)).status_code == 404


async def test_a_page_that_missed_a_signal_asks_for_the_number(
    browser: Browser, things: Things
) -> None:
    ines = await make.account("Inès")
    await notify("test.mention", [ines.person_id], key="c:1", object_id=1)
    await browser.sign_in(ines)
    assert await (await browser.get("/notifications/count")).get_json() == {"unread": 1}


async def test_strangers_are_asked_to_sign_in(browser: Browser) -> None:
    answer = await browser.get("/notifications")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in")


async def test_what_was_read_long_ago_is_forgotten(things: Things) -> None:
    ines = await make.person("Inès")
    await notify("test.mention", [ines.id], key="c:1", object_id=1)
    await Notification.all().update(read_at=clock.now())
    await notify("test.mention", [ines.id], key="c:2", object_id=2)
    clock.shift(timedelta(days=89))
    await forget_old()
    assert await Notification.all().count() == 2
    clock.shift(timedelta(days=2))
    await forget_old()
    assert [each.event_key for each in await Notification.all()] == ["c:2"]
