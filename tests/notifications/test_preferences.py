"""People hear what they want to hear, the way they want it."""

import pytest

from rse.notifications import notify, preferences
from rse.notifications.models import MAIL_DUE, MAIL_UNWANTED, Notification
from rse.notifications.queries import due_by_mail, unread_count
from tests import make

pytestmark = pytest.mark.usefixtures("app", "things")


async def test_by_default_everything_is_listed_and_what_is_urgent_is_mailed() -> None:
    ines = await make.person("Inès")
    assert await preferences.wants(ines.id, "test.mention", "mail")
    assert await preferences.wants(ines.id, "test.mention", "in_app")
    assert not await preferences.wants(ines.id, "test.follow", "mail")
    assert await preferences.wants(ines.id, "test.follow", "in_app")


async def test_a_kind_that_is_not_wanted_at_all_leaves_no_trace() -> None:
    ines = await make.person("Inès")
    await preferences.choose(ines.id, {"test.mention": set(), "test.follow": {"in_app"}})
    await notify("test.mention", [ines.id], key="c:1", object_id=1)
    assert await Notification.all().count() == 0


async def test_what_is_wanted_by_mail_alone_does_not_count() -> None:
    ines = await make.person("Inès")
    await preferences.choose(ines.id, {"test.mention": {"mail"}})
    await notify("test.mention", [ines.id], key="c:1", object_id=1)
    notice = await Notification.get()
    assert await unread_count(ines.id) == 0
    assert notice.mail_state == MAIL_DUE
    assert await due_by_mail(notice.id) is not None


async def test_a_mail_s_link_ends_the_mail_of_its_kind() -> None:
    ines = await make.person("Inès")
    for _ in range(2):
        await preferences.mute_mail(ines.id, kind="test.mention")
    assert not await preferences.wants(ines.id, "test.mention", "mail")
    assert await preferences.wants(ines.id, "test.mention", "in_app")


async def test_a_mail_s_link_ends_all_mail() -> None:
    ines = await make.person("Inès")
    await preferences.choose(ines.id, {"test.mention": {"mail"}, "test.follow": {"mail"}})
    await preferences.mute_mail(ines.id)
    assert not await preferences.wants(ines.id, "test.mention", "mail")
    assert not await preferences.wants(ines.id, "test.follow", "mail")
    await preferences.choose(ines.id, {"test.mention": {"mail"}, "test.follow": set()})
    assert await preferences.wants(ines.id, "test.mention", "mail")


async def test_a_mail_s_link_ends_the_mail_of_a_thread() -> None:
    ines = await make.person("Inès")
    await preferences.mute_mail(ines.id, thread_id=10)
    assert not await preferences.wants(ines.id, "test.mention", "mail", thread_id=10)
    assert await preferences.wants(ines.id, "test.mention", "in_app", thread_id=10)
    assert await preferences.wants(ines.id, "test.mention", "mail", thread_id=11)
    await notify("test.mention", [ines.id], key="c:1", object_id=1, thread_id=10)
    assert (await Notification.get()).mail_state == MAIL_UNWANTED


async def test_a_muted_thread_or_space_says_nothing_until_it_may_again() -> None:
    ines, theo = await make.person("Inès"), await make.person("Théo")
    await preferences.mute(ines.id, 10)
    await preferences.mute(theo.id, 99)
    everybody = [ines.id, theo.id]
    await notify("test.mention", everybody, key="c:1", object_id=1, thread_id=10, space_id=98)
    await notify("test.mention", everybody, key="c:2", object_id=2, thread_id=11, space_id=99)
    assert await unread_count(ines.id) == 1
    assert await unread_count(theo.id) == 1
    assert await preferences.muted_of(ines.id, [10, 11]) == {10}
    await preferences.unmute(ines.id, 10)
    await preferences.unmute(theo.id)
    await notify("test.mention", everybody, key="c:3", object_id=3, thread_id=10, space_id=99)
    assert await unread_count(ines.id) == 2
    assert await unread_count(theo.id) == 2
