"""Reminders: the day before the last and the last day, to those who have not answered."""

from datetime import timedelta

import pytest

from rse.announcements import actions, queries
from rse.announcements.drafts import AnnouncementEdit
from rse.announcements.models import Announcement
from rse.feed.models import Post
from rse.kernel import clock
from rse.kernel.jobs import drain
from rse.notifications.models import Notification
from tests import make
from tests.announcements.world import announce, day_after

pytestmark = pytest.mark.usefixtures("app")


async def reminded(post: Post, before_end: timedelta) -> int:
    """Move to that long before the end, let the clock strike, count the reminders so far."""
    closes_at = (await Announcement.get(post_id=post.id)).closes_at
    assert closes_at
    clock.shift(closes_at - before_end - clock.now())
    for _again in range(2):
        await actions.remind()
        await drain()
    return await Notification.filter(kind="announcements.reminder").count()


async def test_the_silent_are_reminded_twice_and_each_time_once() -> None:
    owner = await make.person()
    space = await make.space(owner)
    await make.member(space)
    keen = await make.member(space)
    post = await announce(owner, space, days=5)
    await actions.acknowledge(keen, post.id)
    assert await reminded(post, timedelta(hours=60)) == 0
    assert await reminded(post, timedelta(hours=39)) == 1
    assert await reminded(post, timedelta(hours=15)) == 2
    assert await reminded(post, timedelta(hours=1)) == 2
    assert not await Notification.exists(person_id=keen.id, kind="announcements.reminder")


async def test_an_edit_that_moves_the_last_day_moves_the_reminders_too() -> None:
    owner = await make.person()
    space = await make.space(owner)
    await make.member(space)
    post = await announce(owner, space, days=1)
    draft = AnnouncementEdit(
        body="Casque.", title=post.title, size="minor", last_day=day_after(6), version=post.version
    )
    await actions.edit(owner, post.id, draft)
    assert await reminded(post, timedelta(hours=60)) == 0
    assert await reminded(post, timedelta(hours=39)) == 1


async def test_what_ends_today_reminds_nobody_the_moment_it_is_published() -> None:
    owner = await make.person()
    space = await make.space(owner)
    await make.member(space)
    post = await announce(owner, space, days=0)
    found = await Announcement.get(post_id=post.id)
    await actions.remind()
    await drain()
    due = await Notification.filter(kind="announcements.reminder").count()
    assert due == 0
    assert found.closes_at is not None


async def test_after_the_last_day_it_leaves_the_top_and_still_takes_an_answer() -> None:
    owner = await make.person()
    space = await make.space(owner)
    reader = await make.member(space)
    post = await announce(owner, space, days=1)
    clock.shift(timedelta(days=3))
    assert await queries.standing(reader) == []
    await actions.remind()
    await drain()
    assert not await Notification.exists(kind="announcements.reminder")
    await actions.acknowledge(reader, post.id)
    assert (await queries.progress_of([post.id]))[post.id].acknowledged == 1


async def test_a_late_worker_sends_only_the_last_reminder() -> None:
    owner = await make.person()
    space = await make.space(owner)
    await make.member(space)
    post = await announce(owner, space, days=5)
    assert await reminded(post, timedelta(hours=2)) == 1
