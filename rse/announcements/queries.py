"""Reads of announcements: what stands on top, the state on cards, who did what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from rse.feed import queries as feed
from rse.feed.models import Post
from rse.feed.rows import PostRow, moment_of
from rse.identity.models import ADMIN, Account, Person
from rse.kernel import clock
from rse.kernel.errors import Invalid, NotAllowed, NotFound
from rse.kernel.i18n import format_list
from rse.kernel.i18n import gettext as _
from rse.kernel.pages import Page, page_of
from rse.kernel.reads import ids, rows
from rse.spaces import queries as spaces
from rse.spaces.models import Membership, Space
from rse.spaces.queries import SpaceView

from . import rules
from .drafts import AnnouncementDraft
from .models import Announcement, Exclusion

KIND = "announcement"
ON_TOP = 3
_FIRST_REMINDER = rules.MORNING + timedelta(days=rules.MOST_REMIND_DAYS)
NOT_TOLD, TOLD, SEEN, ACKNOWLEDGED = range(4)
# Nobody asks them: they are named, or are in a space that is.
_NOT_EXCLUDED = """
NOT EXISTS (SELECT 1 FROM announcement_exclusion x WHERE x.announcement_id = a.id AND (
  x.person_id = {person} OR x.space_id IN (
    SELECT o.space_id FROM membership o WHERE o.person_id = {person} AND o.status = 'joined')))
"""
# The people who are asked, each with what they did.
_AUDIENCE = """
FROM announcement a JOIN post p ON p.id = a.post_id
JOIN membership m ON m.space_id = p.space_id AND m.status = 'joined'
JOIN person w ON w.id = m.person_id AND w.status = 'active' AND w.uri IS NULL
LEFT JOIN announcement_receipt r
  ON r.announcement_id = a.id AND r.round = a.round AND r.person_id = m.person_id
WHERE w.id <> p.author_id AND (a.for_newcomers OR m.since <= a.begun_at) AND
""" + _NOT_EXCLUDED.format(person="w.id")
# Announcements are few, posts are many: SQLite keeps the order of a CROSS JOIN, and so begins with
# the announcements; the sign keeps PostgreSQL from beginning with all posts of the reader's spaces.
_TOP = """
SELECT p.id FROM announcement a CROSS JOIN post p
JOIN membership m ON m.space_id = +p.space_id AND m.person_id = ? AND m.status = 'joined'
LEFT JOIN announcement_receipt r
  ON r.announcement_id = a.id AND r.round = a.round AND r.person_id = m.person_id
WHERE p.id = a.post_id AND p.deleted_at IS NULL AND p.author_id <> m.person_id
  AND r.acknowledged_at IS NULL
  AND (a.closes_at IS NULL OR a.closes_at > ?) AND (a.for_newcomers OR m.since <= a.begun_at)
  AND {not_excluded}
ORDER BY a.post_id DESC LIMIT ?
""".format(not_excluded=_NOT_EXCLUDED.format(person="m.person_id"))
_STATES = """
SELECT a.post_id, a.closes_at, a.round, r.acknowledged_at, m.id IS NOT NULL
  AND (a.for_newcomers OR m.since <= a.begun_at) AND {not_excluded}
FROM announcement a JOIN post p ON p.id = a.post_id
LEFT JOIN membership m ON m.space_id = p.space_id AND m.status = 'joined' AND m.person_id = ?
LEFT JOIN announcement_receipt r
  ON r.announcement_id = a.id AND r.round = a.round AND r.person_id = ?
WHERE a.post_id IN ({marks})
"""
_PROGRESS = """
SELECT a.post_id, count(*), count(r.acknowledged_at) {audience} AND a.post_id IN ({marks})
GROUP BY a.post_id
"""
_PEOPLE = """
SELECT * FROM (
  SELECT w.id, w.display_name, w.title, w.avatar_digest, r.acknowledged_at,
    CASE WHEN r.acknowledged_at IS NOT NULL THEN 3 WHEN r.is_seen OR EXISTS (
      SELECT 1 FROM notification n WHERE n.person_id = w.id AND n.object_id = a.post_id
        AND n.event_key = ? AND n.in_app AND n.read_at IS NOT NULL) THEN 2
    WHEN r.id IS NOT NULL THEN 1 ELSE 0 END AS state {audience} AND a.post_id = ? AND w.id > ?
) AS people {only} ORDER BY id LIMIT ?
"""


class Progress(NamedTuple):
    """How many were asked, and how many have answered."""

    post_id: int
    asked: int
    acknowledged: int


class State(NamedTuple):
    """An announcement for one reader."""

    post_id: int
    closes: object
    round: int
    acknowledged: object
    asked: object

    @property
    def closes_at(self) -> datetime | None:
        return moment_of(self.closes) if self.closes else None

    @property
    def acknowledged_at(self) -> datetime | None:
        return moment_of(self.acknowledged) if self.acknowledged else None


class Part(NamedTuple):
    """What a card shows of an announcement."""

    state: State
    is_asked: bool
    progress: Progress | None


class Reader(NamedTuple):
    """One of those who are asked."""

    id: int
    display_name: str
    title: str
    avatar_digest: str | None
    acknowledged: object
    state: int

    @property
    def acknowledged_at(self) -> datetime | None:
        return moment_of(self.acknowledged) if self.acknowledged else None


class Place(NamedTuple):
    """Where a person may announce, and how many would be asked."""

    space: Space
    asked: int


@dataclass(frozen=True, slots=True)
class Excluded:
    """Who is left out of an announcement."""

    person_ids: Sequence[int] = ()
    space_ids: Sequence[int] = ()


NOBODY = Excluded()


def event_key(announcement: Announcement) -> str:
    """The key of a round's notices. The first is the post's own, so that one event tells once."""
    if announcement.round == 1:
        return f"post:{announcement.post_id}"
    return f"announcement:{announcement.id}:{announcement.round}"


async def is_admin(person: Person) -> bool:
    return await Account.exists(person_id=person.id, role=ADMIN)


async def announcement_for(person: Person, post_id: int) -> tuple[Announcement, Post, SpaceView]:
    """The announcement on a post, if the person may read the post."""
    post, view = await feed.post_for(person, post_id)
    found = await Announcement.get_or_none(post_id=post_id)
    if found is None:
        raise NotFound(_("This announcement does not exist, or not any more."))
    return found, post, view


async def receipts_for(person: Person, post_id: int) -> tuple[Announcement, Post, SpaceView]:
    """The announcement, for whoever may see what each person did with it."""
    found, post, view = await announcement_for(person, post_id)
    if not rules.may_see_receipts(person, post.author_id, view.membership):
        raise NotAllowed(_("Only the author and the owners of the space can see who has read it."))
    return found, post, view


async def standing(person: Person) -> list[int]:
    """What waits for the person's word, newest first. Hot: on the home page."""
    return [row.id for row in await rows(_Id, _TOP, person.id, clock.now(), ON_TOP)]


class _Id(NamedTuple):
    id: int


async def parts_of(
    reader: Person, shown: Sequence[PostRow], moderated: Mapping[int, bool]
) -> dict[int, object]:
    """What cards show, for all cards of a page; nothing is read for a page without any."""
    cards = {row.id: row for row in shown if row.kind == KIND}
    if not cards:
        return {}
    managed = [
        row.id for row in cards.values()
        if row.author_id == reader.id or moderated.get(row.space_id, False)
    ]  # fmt: skip
    counted = await progress_of(managed)
    return {
        state.post_id: Part(
            state,
            bool(state.asked) and cards[state.post_id].author_id != reader.id and reader.is_local,
            counted.get(state.post_id),
        )
        for state in await states(reader, list(cards))
    }


async def states(reader: Person, post_ids: Sequence[int]) -> list[State]:
    """How announcements stand for one reader."""
    not_excluded = _NOT_EXCLUDED.format(person="m.person_id")
    sql = _STATES.format(marks=",".join("?" * len(post_ids)), not_excluded=not_excluded)
    return await rows(State, sql, reader.id, reader.id, *post_ids)


async def progress_of(post_ids: Sequence[int]) -> dict[int, Progress]:
    """How far announcements are, those nobody is asked by included."""
    if not post_ids:
        return {}
    marks = ",".join("?" * len(post_ids))
    sql = _PROGRESS.format(audience=_AUDIENCE, marks=marks)
    found = {row.post_id: row for row in await rows(Progress, sql, *post_ids)}
    return {number: found.get(number, Progress(number, 0, 0)) for number in post_ids}


async def people(
    announcement: Announcement, *, state: int | None = None, after: int = 0, limit: int = 100
) -> Page[Reader]:
    """Those who are asked, with what each did; of one state, if one is named."""
    only = "WHERE state = ?" if state is not None else ""
    values = [event_key(announcement), announcement.post_id, after, *([state] if only else [])]
    sql = _PEOPLE.format(audience=_AUDIENCE, only=only)
    found = await rows(Reader, sql, *values, limit + 1)
    return page_of(found, lambda row: row.id, limit)


async def everybody(announcement: Announcement) -> list[Reader]:
    """All who are asked, for telling and for the export."""
    found: list[Reader] = []
    after: int | None = 0
    while after is not None:
        page = await people(announcement, after=after, limit=2000)
        found += page.items
        after = page.next_cursor
    return found


async def places(person: Person) -> list[Place]:
    """Where the person may announce, and how many they would ask."""
    admin = await is_admin(person)
    mine = await Membership.filter(person_id=person.id, status="joined").select_related("space")
    open_to = [
        row.space for row in mine if rules.may_announce(person, row.space, row, is_admin=admin)
    ]
    return [Place(space, await asked_in(person, space.id)) for space in open_to]


async def asked_in(author: Person, space_id: int, excluded: Excluded = NOBODY) -> int:
    """How many an announcement of this author would ask."""
    members = set(await spaces.member_ids(space_id)) - {author.id, *excluded.person_ids}
    for other in excluded.space_ids:
        members -= set(await spaces.member_ids(other))
    return len(members)


async def excluded_by(author: Person, draft: AnnouncementDraft) -> Excluded:
    """Those whom a draft leaves out; Invalid for a name or space that is not there."""
    handles = draft.handles
    found = await Person.filter(handle__in=handles, uri=None)
    missing = set(handles) - {person.handle for person in found}
    if missing:
        raise Invalid(
            _("Please check the marked fields."),
            {"except_people": _("Nobody here is called %(names)s.",
                                names=format_list([f"@{name}" for name in sorted(missing)]))},
        )  # fmt: skip
    for space_id in draft.except_space_ids:
        await spaces.space_for(author, space_id)
    return Excluded([person.id for person in found], draft.except_space_ids)


async def is_excluded(announcement: Announcement, person_id: int) -> bool:
    """Whether somebody is left out now, by name or by a space they are in."""
    if await Exclusion.exists(announcement_id=announcement.id, person_id=person_id):
        return True
    left_out = await ids(
        Exclusion.filter(announcement_id=announcement.id).exclude(space_id=None), "space_id"
    )
    return await Membership.exists(person_id=person_id, space_id__in=left_out, status="joined")


async def may_announce(person: Person, view: SpaceView) -> bool:
    """Asks for the administrator's role only where it makes a difference."""
    admin = view.space.is_company and not view.may_moderate and await is_admin(person)
    return rules.may_announce(person, view.space, view.membership, is_admin=admin)


async def open_rounds(since: datetime) -> list[Announcement]:
    """Announcements whose round began after `since`."""
    return await Announcement.filter(begun_at__gt=since, post__deleted_at=None)


async def closing_soon(now: datetime) -> list[Announcement]:
    """Those with a reminder to send, soonest first."""
    found = (
        await Announcement.filter(
            closes_at__gt=now, closes_at__lte=now + _FIRST_REMINDER, post__deleted_at=None
        )
        .order_by("closes_at")
        .limit(500)
    )
    return [
        a for a in found if rules.reminders_due(a.closes_at, now, a.remind_days) > a.reminders_sent
    ]
