"""Reads of notices: the count of the bell, the list by thread, what is due by mail."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from rse.identity.models import ACTIVE, Person
from rse.kernel import reads
from rse.kernel.errors import NotFound
from rse.kernel.i18n import gettext as _
from rse.kernel.i18n import ngettext
from rse.kernel.ids import made_at
from rse.kernel.pages import NEWEST, Page, page_of

from .kinds import NoticeRef, NoticeText, kinds
from .models import MAIL_DUE, Notification
from .preferences import levels_of

GROUPS = 20
SHOWN_PER_GROUP = 12

_COLUMNS = "id, kind, person_id, actor_id, object_id, space_id, event_key, thread_id"
_UNREAD = """
SELECT count(*), (
  SELECT count(*) FROM notice_times WHERE person_id = ? AND mail_off_at IS NOT NULL
) FROM notification WHERE person_id = ? AND read_at IS NULL AND snoozed_until IS NULL
"""
_UNREAD_OF = """
SELECT person_id, count(*) FROM notification
WHERE person_id IN ({marks}) AND read_at IS NULL AND snoozed_until IS NULL GROUP BY person_id
"""
_THREAD = """
SELECT count(*), (SELECT level FROM notice_level WHERE person_id = ? AND object_id = ?)
FROM notification WHERE person_id = ? AND thread_id = ? AND read_at IS NULL
"""
# The newest notice of each thread: walked along the index of the person's notices, newest first,
# stepping over those whose thread has a newer one, and those that sleep.
_HEADS = """
SELECT place, thread_id FROM notification AS head
WHERE person_id = ? AND place < ? AND in_app AND snoozed_until IS NULL AND NOT EXISTS (
  SELECT 1 FROM notification AS newer
  WHERE newer.person_id = head.person_id AND newer.thread_id = head.thread_id
    AND newer.place > head.place AND newer.in_app AND newer.snoozed_until IS NULL
) ORDER BY place DESC LIMIT ?
"""
# The newest of each of these threads, with what is unread and how many there are in all of it.
_OF_THREADS = f"""
SELECT {_COLUMNS}, unread, unread_in_thread, in_thread FROM (
  SELECT {_COLUMNS}, CASE WHEN read_at IS NULL THEN 1 ELSE 0 END AS unread,
    sum(CASE WHEN read_at IS NULL THEN 1 ELSE 0 END)
      OVER (PARTITION BY thread_id) AS unread_in_thread,
    count(*) OVER (PARTITION BY thread_id) AS in_thread,
    row_number() OVER (PARTITION BY thread_id ORDER BY place DESC) AS rank_in_thread, place
  FROM notification
  WHERE person_id = ? AND in_app AND snoozed_until IS NULL AND thread_id IN (%s)
) AS placed WHERE rank_in_thread <= ? ORDER BY place DESC
"""  # noqa: S608 - nothing but our own column names and placeholders is put in


class Bell(NamedTuple):
    """What every page says of notices: how many are new, whether mail reaches the person."""

    unread: int
    is_mail_off: int


class _Counted(NamedTuple):
    person_id: int
    number: int


class _Head(NamedTuple):
    place: int
    thread_id: int


class _Row(NamedTuple):
    id: int
    kind: str
    person_id: int
    actor_id: int | None
    object_id: int
    space_id: int | None
    event_key: str
    thread_id: int
    unread: int
    unread_in_thread: int
    in_thread: int


@dataclass(frozen=True, slots=True)
class Item:
    """One notice as the list shows it."""

    id: int
    kind: str
    text: NoticeText
    unread: bool
    at: datetime
    actor: Person | None


@dataclass(frozen=True, slots=True)
class Group:
    """The notices of one thread, newest first; the counts are of those past the shown ones too."""

    thread_id: int
    items: Sequence[Item]
    unread: int
    total: int
    level: str
    summary: str

    @property
    def actors(self) -> Sequence[Person]:
        """Those behind it, the newest first."""
        found = {item.actor.id: item.actor for item in self.items if item.actor}
        return list(found.values())[:3]


@dataclass(frozen=True, slots=True)
class NoticeList:
    """A page of the list, and the unread notices on it that cannot be shown any more."""

    page: Page[Group]
    hidden: Sequence[int]


async def bell_of(person_id: int) -> Bell:
    """For the frame of a page: one read, along one index."""
    return await reads.row(Bell, _UNREAD, person_id, person_id) or Bell(0, 0)


async def unread_count(person_id: int) -> int:
    """How many notices a person has not read; what sleeps does not count."""
    return (await bell_of(person_id)).unread


class Thread(NamedTuple):
    """A thread for whoever opens it."""

    unread: int
    level: str | None


async def thread_of(person_id: int, thread_id: int) -> Thread:
    """What a person has not read of a thread, and how much they hear of it. One read."""
    found = await reads.row(Thread, _THREAD, person_id, thread_id, person_id, thread_id)
    return found or Thread(0, None)


async def count_asleep(person_id: int) -> int:
    """How many notices are put away for later."""
    return await Notification.filter(person_id=person_id).exclude(snoozed_until=None).count()


async def unread_counts(person_ids: Sequence[int]) -> dict[int, int]:
    """The same for many at once."""
    if not person_ids:
        return {}
    sql = _UNREAD_OF.format(marks=", ".join("?" * len(person_ids)))
    found = {row.person_id: row.number for row in await reads.rows(_Counted, sql, *person_ids)}
    return {number: found.get(number, 0) for number in person_ids}


async def notices_by_thread(person_id: int, before: int = NEWEST) -> NoticeList:
    """A page of the list, in the language in force. Two reads, and those of the kinds."""
    heads = page_of(
        await reads.rows(_Head, _HEADS, person_id, before, GROUPS + 1),
        lambda head: head.place,
        GROUPS,
    )
    threads = [head.thread_id for head in heads.items]
    rows = await _rows_of(person_id, threads)
    texts = await describe([NoticeRef(*row[:8]) for row in rows])
    actors = await _actors(row.actor_id for row in rows if row.id in texts)
    items: dict[int, list[Item]] = {}
    for row in rows:
        if row.id in texts:
            items.setdefault(row.thread_id, []).append(
                Item(
                    row.id,
                    row.kind,
                    texts[row.id],
                    bool(row.unread),
                    made_at(row.id),
                    actors.get(row.actor_id),
                )
            )
    counted = {row.thread_id: (row.unread_in_thread, row.in_thread) for row in rows}
    levels = await levels_of(person_id, threads)
    groups = [
        Group(
            thread_id, items[thread_id], *counted[thread_id], levels.get(thread_id, ""),
            _summary(items[thread_id]),
        )
        for thread_id in threads
        if thread_id in items
    ]  # fmt: skip
    hidden = [row.id for row in rows if row.unread and row.id not in texts]
    return NoticeList(Page(groups, heads.next_cursor), hidden)


def _summary(items: Sequence[Item]) -> str:
    """« Anna and 3 others commented in … »; empty where one person is behind it all."""
    head = items[0]
    together = kinds[head.kind].together if head.kind in kinds else ""
    alike = [item.text.actor_name for item in items if item.kind == head.kind]
    names = list(dict.fromkeys(filter(None, alike)))
    if not together or len(names) < 2:
        return ""
    return _(together, people=_people(names), space=head.text.space_name)


def _people(names: Sequence[str]) -> str:
    if len(names) == 2:
        return _("%(one)s and %(other)s", one=names[0], other=names[1])
    return ngettext(
        "%(person)s and %(n)s other", "%(person)s and %(n)s others", len(names) - 1, person=names[0]
    )


async def _rows_of(person_id: int, threads: Sequence[int]) -> list[_Row]:
    if not threads:
        return []
    sql = _OF_THREADS % ", ".join("?" * len(threads))
    return await reads.rows(_Row, sql, person_id, *threads, SHOWN_PER_GROUP)


async def _actors(person_ids: Iterable[int | None]) -> dict[int | None, Person]:
    wanted = {person_id for person_id in person_ids if person_id is not None}
    people = await Person.filter(id__in=wanted).select_related("organisation") if wanted else []
    return {person.id: person for person in people}


async def describe(refs: Sequence[NoticeRef]) -> dict[int, NoticeText]:
    """The words of notices in the language in force; what may not be seen any more is left out."""
    by_kind: dict[str, list[NoticeRef]] = {}
    for ref in refs:
        by_kind.setdefault(ref.kind, []).append(ref)
    texts: dict[int, NoticeText] = {}
    for name, of_kind in by_kind.items():
        if name in kinds:  # a feature that is switched off says nothing
            texts.update(await kinds[name].describe(of_kind))
    return texts


def reference(notice: Notification) -> NoticeRef:
    """A stored notice as its kind's `describe` wants it."""
    return NoticeRef(
        notice.id, notice.kind, notice.person_id, notice.actor_id, notice.object_id,
        notice.space_id, notice.event_key, notice.thread_id,
    )  # fmt: skip


async def notice_for(person_id: int, notice_id: int) -> Notification:
    """The person's own notice."""
    notice = await Notification.get_or_none(id=notice_id, person_id=person_id)
    if notice is None:
        raise NotFound(_("This notification does not exist, or not any more."))
    return notice


async def text_of(notice: Notification) -> NoticeText:
    """The words of one notice; NotFound when the person may not see its object any more."""
    found = (await describe([reference(notice)])).get(notice.id)
    if found is None:
        raise NotFound(_("What this notification was about does not exist any more."))
    return found


async def due_by_mail(notice_id: int) -> Notification | None:
    """The notice, with its person, when a mail about it is still to be sent.

    None once it was sent or let go, was read in the meantime, or the person was switched off.
    """
    notice = await Notification.get_or_none(id=notice_id, mail_state=MAIL_DUE).select_related(
        "person"
    )
    if notice is None or (notice.in_app and notice.read_at is not None):
        return None
    return notice if notice.person.status == ACTIVE else None


async def told_of(thread_id: int) -> list[int]:
    """Who was told something of a thread."""
    found = await Notification.filter(thread_id=thread_id).distinct().values("person_id")
    return [int(each["person_id"]) for each in found]
