"""People are told of what concerns them: once, and only those who are to be told."""

import pytest
from quart import Quart

from rse.identity import people
from rse.kernel.db import transaction
from rse.kernel.models import OutboxJob
from rse.notifications import mark_mailed, mark_read, notify, withdraw
from rse.notifications.models import MAIL_DUE, MAIL_SENT, MAIL_UNWANTED, Notification
from rse.notifications.queries import due_by_mail, unread_count
from tests import make

pytestmark = pytest.mark.usefixtures("app", "things")


async def jobs() -> int:
    return await OutboxJob.filter(subscriber__contains="notifications.reactions").count()


async def test_one_event_is_one_notice_however_often_it_is_told() -> None:
    ines = await make.person("Inès")
    for _ in range(3):
        await notify("test.mention", [ines.id, ines.id], key="post:1", object_id=1)
    assert await unread_count(ines.id) == 1
    assert await jobs() == 1


async def test_two_events_are_two_notices() -> None:
    ines = await make.person("Inès")
    await notify("test.mention", [ines.id], key="post:1", object_id=1)
    await notify("test.mention", [ines.id], key="post:2", object_id=2)
    assert await unread_count(ines.id) == 2


async def test_the_weightier_kind_wins_when_it_comes_second() -> None:
    ines, theo = await make.person("Inès"), await make.person("Théo")
    await notify("test.follow", [ines.id, theo.id], key="post:1", object_id=1)
    assert (await Notification.get(person=ines)).mail_state == MAIL_UNWANTED
    await notify("test.mention", [ines.id], key="post:1", object_id=1)
    notice = await Notification.get(person=ines)
    assert (notice.kind, notice.mail_state) == ("test.mention", MAIL_DUE)
    assert await due_by_mail(notice.id) is not None
    assert (await Notification.get(person=theo)).kind == "test.follow"


async def test_the_weightier_kind_wins_when_it_comes_first() -> None:
    ines = await make.person("Inès")
    await notify("test.mention", [ines.id], key="post:1", object_id=1)
    await notify("test.follow", [ines.id], key="post:1", object_id=1)
    assert (await Notification.get()).kind == "test.mention"
    assert await unread_count(ines.id) == 1


async def test_a_mail_that_went_out_is_not_due_again_when_the_kind_grows() -> None:
    ines = await make.person("Inès")
    await notify("test.follow", [ines.id], key="post:1", object_id=1)
    await Notification.all().update(mail_state=MAIL_SENT)
    await notify("test.mention", [ines.id], key="post:1", object_id=1)
    notice = await Notification.get()
    assert (notice.kind, notice.mail_state) == ("test.mention", MAIL_SENT)


async def test_the_actor_is_not_told_what_they_did_themselves() -> None:
    ines, theo = await make.person("Inès"), await make.person("Théo")
    await notify("test.mention", [ines.id, theo.id], key="post:1", object_id=1, actor_id=ines.id)
    assert [each.person_id for each in await Notification.all()] == [theo.id]


async def test_the_switched_off_and_partners_people_are_not_told() -> None:
    gone, outsider, ines = await make.person(), await make.outsider(), await make.person("Inès")
    await people.deactivate(gone.id, "admin")
    await notify("test.mention", [gone.id, outsider.id, ines.id], key="post:1", object_id=1)
    assert [each.person_id for each in await Notification.all()] == [ines.id]


async def test_a_change_that_is_rolled_back_tells_nobody() -> None:
    ines = await make.person("Inès")
    with pytest.raises(RuntimeError):
        await _notify_and_fail(ines.id)
    assert await unread_count(ines.id) == 0
    assert await jobs() == 0


async def _notify_and_fail(person_id: int) -> None:
    async with transaction():
        await notify("test.mention", [person_id], key="post:1", object_id=1)
        raise RuntimeError


async def test_a_company_is_told_in_a_few_statements(app: Quart) -> None:
    everybody = [(await make.person()).id for _ in range(30)]
    await notify("test.mention", everybody, key="post:1", object_id=1)
    assert await Notification.all().count() == 30


async def test_an_unknown_kind_is_a_mistake_in_the_program() -> None:
    with pytest.raises(KeyError):
        await notify("test.unknown", [1], key="post:1", object_id=1)


async def test_the_count_is_exact_through_reading() -> None:
    ines, theo = await make.person("Inès"), await make.person("Théo")
    for number in range(1, 5):
        await notify(
            "test.mention", [ines.id, theo.id], key=f"c:{number}", object_id=number,
            thread_id=10 if number < 3 else 11,
        )  # fmt: skip
    notice = await Notification.get(person=ines, event_key="c:4")
    assert await mark_read(ines.id, notice_id=notice.id) == 1
    assert await mark_read(ines.id, notice_id=notice.id) == 0
    assert await unread_count(ines.id) == 3
    assert await mark_read(ines.id, thread_id=10) == 2
    assert await unread_count(ines.id) == 1
    assert await mark_read(ines.id) == 1
    assert await unread_count(ines.id) == 0
    assert await unread_count(theo.id) == 4


async def test_what_is_withdrawn_is_not_counted_nor_mailed() -> None:
    ines = await make.person("Inès")
    await notify("test.mention", [ines.id], key="c:1", object_id=1, thread_id=10)
    await notify("test.mention", [ines.id], key="c:2", object_id=2, thread_id=10)
    first = await Notification.get(event_key="c:1")
    await withdraw(1)
    assert await unread_count(ines.id) == 1
    assert await due_by_mail(first.id) is None
    await withdraw(10)
    assert await unread_count(ines.id) == 0


async def test_a_mail_is_due_until_it_is_sent_or_the_notice_is_read() -> None:
    ines = await make.person("Inès")
    await notify("test.mention", [ines.id], key="c:1", object_id=1)
    await notify("test.mention", [ines.id], key="c:2", object_id=2)
    first, second = await Notification.all().order_by("id")
    due = await due_by_mail(first.id)
    assert due is not None
    assert due.person.display_name == "Inès"
    await mark_mailed(first.id, sent=True)
    assert await due_by_mail(first.id) is None
    await mark_read(ines.id, notice_id=second.id)
    assert await due_by_mail(second.id) is None


async def test_nobody_who_was_switched_off_is_mailed() -> None:
    ines = await make.person("Inès")
    await notify("test.mention", [ines.id], key="c:1", object_id=1)
    await people.deactivate(ines.id, "admin")
    assert await due_by_mail((await Notification.get()).id) is None
