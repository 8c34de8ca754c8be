"""Reads of notices: the count of the bell, the list by thread, what is due by mail."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from rse.identity.models import ACTIVE, Person
from rse.kernel import reads
from rse.kernel.errors import NotFound
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import made_at
from rse.kernel.pages import NEWEST, Page, page_of

from .kinds import NoticeRef, NoticeText, kinds
from .models import MAIL_DUE, Notification
from .preferences import muted_of

GROUPS = 20
SHOWN_PER_GROUP = 12

_COLUMNS = "id, kind, person_id, actor_id, object_id, space_id, event_key, thread_id"
_UNREAD = "SELECT count(*) FROM notification WHERE person_id = ? AND read_at IS NULL"
# The newest notice of each thread: walked along the index of the person's notices, newest first,
# stepping over those whose thread has a newer one.
_HEADS = """
SELECT id, thread_id FROM notification AS head
WHERE person_id = ? AND id < ? AND in_app AND NOT EXISTS (
  SELECT 1 FROM notification AS newer
  WHERE newer.person_id = head.person_id AND newer.thread_id = head.thread_id
    AND newer.id > head.id AND newer.in_app
) ORDER BY id DESC LIMIT ?
"""
# The newest of each of these threads, with what is unread and how many there are in all of it.
_OF_THREADS = f"""
SELECT {_COLUMNS}, unread, unread_in_thread FROM (
  SELECT {_COLUMNS}, CASE WHEN read_at IS NULL THEN 1 ELSE 0 END AS unread,
    sum(CASE WHEN read_at IS NULL THEN 1 ELSE 0 END)
      OVER (PARTITION BY thread_id) AS unread_in_thread,
    row_number() OVER (PARTITION BY thread_id ORDER BY id DESC) AS place
  FROM notification WHERE person_id = ? AND in_app AND thread_id IN (%s)
) AS placed WHERE place <= ? ORDER BY id DESC
"""  # noqa: S608 - nothing but our own column names and placeholders is put in


class _Count(NamedTuple):
    number: int


class _Head(NamedTuple):
    id: int
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


@dataclass(frozen=True, slots=True)
class Item:
    """One notice as the list shows it."""

    id: int
    text: NoticeText
    unread: bool
    at: datetime
    actor: Person | None


@dataclass(frozen=True, slots=True)
class Group:
    """The notices of one thread, newest first; `unread` counts those past the shown ones too."""

    thread_id: int
    items: Sequence[Item]
    unread: int
    muted: bool


@dataclass(frozen=True, slots=True)
class NoticeList:
    """A page of the list, and the unread notices on it that cannot be shown any more."""

    page: Page[Group]
    hidden: Sequence[int]


async def unread_count(person_id: int) -> int:
    """How many notices a person has not read: one walk along one index."""
    found = await reads.row(_Count, _UNREAD, person_id)
    return found.number if found else 0


async def notices_by_thread(person_id: int, before: int = NEWEST) -> NoticeList:
    """A page of the list, in the language in force. Two reads, and those of the kinds."""
    heads = page_of(
        await reads.rows(_Head, _HEADS, person_id, before, GROUPS + 1), lambda head: head.id, GROUPS
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
                    texts[row.id],
                    bool(row.unread),
                    made_at(row.id),
                    actors.get(row.actor_id),
                )
            )
    unread = {row.thread_id: row.unread_in_thread for row in rows}
    muted = await muted_of(person_id, threads)
    groups = [
        Group(thread_id, items[thread_id], unread[thread_id], thread_id in muted)
        for thread_id in threads
        if thread_id in items
    ]
    hidden = [row.id for row in rows if row.unread and row.id not in texts]
    return NoticeList(Page(groups, heads.next_cursor), hidden)


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
