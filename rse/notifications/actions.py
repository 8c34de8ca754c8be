"""Changes to notices: people are told, read what they were told, and it grows old."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.queryset import QuerySet

from rse.identity.models import ACTIVE, Person
from rse.kernel import clock
from rse.kernel.db import Change, transaction
from rse.kernel.errors import Invalid
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import new_id
from rse.kernel.reads import ids
from rse.realtime.hub import signal_after
from rse.realtime.topics import topic_of

from . import queries, trace
from .digests import await_digest
from .events import NoticesCreated
from .kinds import NoticeKind, kinds
from .models import (
    MAIL_DROPPED,
    MAIL_DUE,
    MAIL_SENT,
    MAIL_UNWANTED,
    PUSH_DUE,
    PUSH_SPREAD,
    PUSH_UNWANTED,
    Notification,
)
from .preferences import DIGEST, IN_APP, MAIL, PUSH, REQUIRED, YES, verdicts_of

AT_ONCE = 500
KEPT_AFTER_READING = timedelta(days=90)
LONGEST_SNOOZE = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Matter:
    """What people are told of."""

    kind: NoticeKind
    key: str
    actor_id: int | None
    object_id: int
    thread_id: int
    space_id: int | None
    is_urgent: bool


async def notify(  # noqa: PLR0913 - one sentence: tell these people that somebody did this there
    kind: str,
    person_ids: Iterable[int],
    *,
    key: str,
    object_id: int,
    actor_id: int | None = None,
    space_id: int | None = None,
    thread_id: int | None = None,
    is_urgent: bool = False,
) -> None:
    """Tell people of an event, each once: `key` names the event, and the weightiest kind wins.

    Not told: the actor, people who were switched off, and partners' people, whose own instance
    tells them. Repeatable, so an outbox job may run it twice; each batch of people is a
    transaction of its own, so that ten thousand hold up nobody.
    """
    matter = _Matter(
        kind=kinds[kind], key=key, actor_id=actor_id, object_id=object_id,
        thread_id=thread_id or object_id, space_id=space_id, is_urgent=is_urgent,
    )  # fmt: skip
    people = sorted(set(person_ids) - {actor_id})
    for start in range(0, len(people), AT_ONCE):
        async with transaction() as change:
            await _tell(change, matter, people[start : start + AT_ONCE])


async def _tell(change: Change, matter: _Matter, person_ids: Sequence[int]) -> None:
    ours = await ids(Person.filter(id__in=person_ids, uri=None, status=ACTIVE))
    verdicts = await verdicts_of(ours, matter.kind, matter.thread_id, matter.space_id)
    wanted = {person_id: _channels(verdict) for person_id, verdict in verdicts.items()}
    told = {
        notice.person_id: notice
        for notice in await Notification.filter(event_key=matter.key, person_id__in=ours)
    }
    fresh = [
        _notice(matter, person_id, channels)
        for person_id, channels in wanted.items()
        if channels and person_id not in told
    ]
    # Another worker may be telling the same: the unique key decides, then the weight.
    await Notification.bulk_create(fresh, ignore_conflicts=True)
    mine = set(await ids(Notification.filter(id__in=[notice.id for notice in fresh])))
    theirs = [notice.person_id for notice in fresh if notice.id not in mine]
    if theirs:
        for notice in await Notification.filter(event_key=matter.key, person_id__in=theirs):
            told[notice.person_id] = notice
    heavier = [
        (notice, _notice(matter, person_id, wanted[person_id]))
        for person_id, notice in told.items()
        if wanted[person_id] and _is_weightier(matter.kind, notice.kind)
    ]
    for notice, other in heavier:
        await _outweigh(notice, other)
    new = [notice for notice in fresh if notice.id in mine] + [each for each, _other in heavier]
    await _follow_up(change, matter, new, verdicts, set(told))


async def _follow_up(
    change: Change,
    matter: _Matter,
    new: Sequence[Notification],
    verdicts: Mapping[int, Mapping[str, str]],
    told: set[int],
) -> None:
    """What goes with a batch in the same commit: its event, its digests, its trace."""
    named = {notice.person_id for notice in new}
    decided = {
        person_id: verdict
        for person_id, verdict in verdicts.items()
        if person_id in named or person_id not in told
    }
    await trace.note_decisions(
        decided, kind=matter.kind.name, key=matter.key, object_id=matter.object_id
    )
    if new:
        await await_digest([n.person_id for n in new if DIGEST in _channels(verdicts[n.person_id])])
        change.record(NoticesCreated([notice.id for notice in new]))


def _channels(verdict: Mapping[str, str]) -> set[str]:
    return {channel for channel, why in verdict.items() if why in {YES, REQUIRED}}


def _notice(matter: _Matter, person_id: int, channels: set[str]) -> Notification:
    in_app, number = IN_APP in channels, new_id()
    return Notification(
        id=number,
        place=number,
        person_id=person_id,
        kind=matter.kind.name,
        event_key=matter.key,
        actor_id=matter.actor_id,
        object_id=matter.object_id,
        thread_id=matter.thread_id,
        space_id=matter.space_id,
        in_app=in_app,
        read_at=None if in_app else clock.now(),
        mail_state=MAIL_DUE if MAIL in channels else MAIL_UNWANTED,
        push_state=PUSH_DUE if PUSH in channels else PUSH_UNWANTED,
        digest_id=0 if DIGEST in channels else None,
        is_urgent=matter.is_urgent,
    )


def _is_weightier(kind: NoticeKind, other: str) -> bool:
    return other not in kinds or kind.weight > kinds[other].weight


def _no_lighter_than(name: str) -> list[str]:
    return [other.name for other in kinds.values() if other.weight >= kinds[name].weight]


async def _outweigh(notice: Notification, heavier: Notification) -> None:
    """Turn a notice into the weightier one; a mail that went out is not sent again."""
    mail = (
        notice.mail_state if notice.mail_state in {MAIL_SENT, MAIL_DROPPED} else heavier.mail_state
    )
    # Asked again in the write itself: another worker may have made it weightier meanwhile.
    await Notification.filter(id=notice.id, kind__not_in=_no_lighter_than(heavier.kind)).update(
        kind=heavier.kind,
        object_id=heavier.object_id,
        thread_id=heavier.thread_id,
        space_id=heavier.space_id,
        in_app=notice.in_app or heavier.in_app,
        read_at=notice.read_at if notice.in_app else heavier.read_at,
        mail_state=mail,
        push_state=notice.push_state if notice.push_state == PUSH_SPREAD else heavier.push_state,
        digest_id=notice.digest_id or heavier.digest_id,
        is_urgent=heavier.is_urgent,
    )


async def mark_read(
    person_id: int, *, notice_id: int | None = None, thread_id: int | None = None
) -> int:
    """Mark one notice, those of a thread, or all of a person's as read. How many were new.

    What sleeps is read too where it is opened itself; marking all lets it sleep on.
    """
    which = {"id": notice_id, "thread_id": thread_id}
    chosen = {name: number for name, number in which.items() if number is not None}
    asleep = {} if chosen else {"snoozed_until": None}
    unread = Notification.filter(person_id=person_id, read_at=None, **chosen, **asleep)
    if not await unread.exists():  # most pages that are opened were not told of
        return 0
    async with transaction() as change:
        count = await unread.update(read_at=clock.now(), snoozed_until=None)
        await _say_how_many(change, person_id)
    return count


async def snooze(person_id: int, thread_id: int, until: datetime) -> None:
    """Put the notices of a thread away until then; they come back on top, and unread."""
    if not clock.now() < until <= clock.now() + LONGEST_SNOOZE:
        raise Invalid(_("Choose a day and time between now and a year from now."))
    async with transaction() as change:
        if await Notification.filter(person_id=person_id, thread_id=thread_id, in_app=True).update(
            snoozed_until=until
        ):
            await _say_how_many(change, person_id)


async def wake() -> None:
    """Bring back what has slept long enough: on top, unread, and said once more on devices."""
    while await _wake(Notification.filter(snoozed_until__lte=clock.now())):
        continue


async def wake_now(person_id: int) -> None:
    """Bring back all that a person put away."""
    while await _wake(Notification.filter(person_id=person_id).exclude(snoozed_until=None)):
        continue


async def _wake(which: QuerySet[Notification]) -> int:
    async with transaction() as change:
        asleep = await which.order_by("id").limit(AT_ONCE).select_for_update()
        for notice in asleep:
            again = PUSH_UNWANTED if notice.push_state == PUSH_UNWANTED else PUSH_DUE
            await Notification.filter(id=notice.id).update(
                snoozed_until=None, read_at=None, place=new_id(), held_until=None, push_state=again
            )
        if asleep:
            change.record(NoticesCreated([notice.id for notice in asleep]))
    return len(asleep)


async def mark_hidden(person_id: int, notice_ids: Sequence[int]) -> None:
    """Mark as read what the person cannot see any more, so that the count stays true."""
    async with transaction() as change:
        if await Notification.filter(
            person_id=person_id, id__in=list(notice_ids), read_at=None
        ).update(read_at=clock.now(), snoozed_until=None):
            await _say_how_many(change, person_id)


async def withdraw(object_id: int) -> None:
    """Take back what was told of a thing or thread that is gone: lists, counts and due mail."""
    async with transaction() as change:
        for which in ({"object_id": object_id}, {"thread_id": object_id}):
            unread = await Notification.filter(read_at=None, **which).distinct().values("person_id")
            await Notification.filter(**which).delete()
            for each in unread:
                await _say_how_many(change, each["person_id"])


async def withdraw_event(key: str, *, thread_id: int) -> None:
    """Take back what people were told of one event of a thread that was undone."""
    async with transaction() as change:
        which = Notification.filter(thread_id=thread_id, event_key=key)
        unread = await which.filter(read_at=None).distinct().values("person_id")
        await which.delete()
        for each in unread:
            await _say_how_many(change, each["person_id"])


async def move_thread(thread_id: int, space_id: int, readers: Collection[int]) -> None:
    """A thread stands in another space: those who read it there keep what they were told."""
    async with transaction() as change:
        which = Notification.filter(thread_id=thread_id)
        lost = which.exclude(person_id__in=list(readers)) if readers else which
        unread = await lost.filter(read_at=None).distinct().values("person_id")
        await lost.delete()
        await which.update(space_id=space_id)
        for each in unread:
            await _say_how_many(change, each["person_id"])


async def withdraw_space(person_id: int, space_id: int) -> None:
    """Take back what a person was told of a space they have left."""
    async with transaction() as change:
        if await Notification.filter(person_id=person_id, space_id=space_id).delete():
            await _say_how_many(change, person_id)


async def _say_how_many(change: Change, person_id: int) -> None:
    count = await queries.unread_count(person_id)
    signal_after(change, topic_of("person", person_id), "notices", {"unread": count})


async def not_told(kind: str, person_ids: Iterable[int], *, key: str, object_id: int) -> None:
    """Leave a trace of those who were named but may not see the thing; for administrators."""
    people = await ids(Person.filter(id__in=list(person_ids), uri=None, status=ACTIVE))
    if people:
        await trace.note_turned_away(people, kind=kind, key=key, object_id=object_id)


async def mark_mailed(notice_id: int, *, sent: bool) -> None:
    """The mail of a notice went out, or was let go for good."""
    await Notification.filter(id=notice_id, mail_state=MAIL_DUE).update(
        mail_state=MAIL_SENT if sent else MAIL_DROPPED
    )


async def forget_old() -> None:
    """Remove what was read long ago."""
    await Notification.filter(read_at__lt=clock.now() - KEPT_AFTER_READING).delete()
