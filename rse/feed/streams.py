"""Which posts a list shows: each view is read along an index of its own, in bounded steps.

The feed is read by streams, without a table per reader: SQLite merges the reader's spaces by
itself; PostgreSQL must be told to with LATERAL, else it walks the whole id index. What a filter or
a mute takes out of a step is filled up by the next, three times at most: then the page is short,
and its cursor goes on from where it looked last.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from typing import NamedTuple

from rse.kernel.pages import NEWEST, Page
from rse.kernel.reads import is_postgres, rows

from .rows import Id, Number

ALL, COMPANY, FOLLOWED, PARTNER = "all", "company", "followed", "partner"
ANNOUNCEMENTS, UNREAD, SPACE = "announcements", "unread", "space"
VIEWS = (ALL, COMPANY, FOLLOWED, PARTNER, ANNOUNCEMENTS, UNREAD)
# The other views are read in the order of their posts alone.
SORTED = (ALL, COMPANY, FOLLOWED, PARTNER, SPACE)
BY_NEWEST, BY_ACTIVITY = "newest", "activity"
COLUMNS = {BY_NEWEST: "post_id", BY_ACTIVITY: "activity_id"}
# A kind that few posts have stands in an index of its own.
RARE_KIND = "announcement"
STEPS = (1, 4, 16)
# The newest posts of the liveliest spaces are the newest of all: one stream a post, so 20 do for
# a first page; later pages, and other orders, ask every space.
LIVELIEST, EVERY = 60, 100_000

MINE = """
SELECT m.space_id FROM membership m JOIN space s ON s.id = m.space_id
WHERE m.person_id = ? AND m.status = 'joined' {narrowed}
  AND NOT EXISTS (SELECT 1 FROM mute x WHERE x.person_id = m.person_id AND x.target_id = m.space_id)
"""
IN_COMPANY = "AND s.is_company = TRUE"
WITH_PARTNER = """
AND m.space_id IN (SELECT h.space_id FROM fed_share h JOIN fed_partner p ON p.id = h.partner_id
                   WHERE h.state = 'active' AND p.state = 'active' AND p.organisation_id = ?)
"""
ONE_SPACE = "SELECT s.id AS space_id FROM space s WHERE s.id = ?"
MERGED_SQLITE = """
SELECT post_id, {at} FROM stream_item
WHERE stream_id IN ({streams}) {kind} AND {at} < ?
ORDER BY {at} DESC LIMIT ?
"""
MERGED_POSTGRES = """
SELECT item.post_id, item.at FROM ({streams} ORDER BY s.last_post_id DESC LIMIT {most}) mine
CROSS JOIN LATERAL (
  SELECT post_id, {at} AS at FROM stream_item
  WHERE stream_id = mine.space_id {kind} AND {at} < ? ORDER BY {at} DESC LIMIT ?
) item ORDER BY item.at DESC LIMIT ?
"""
AUTHORS_SQLITE = """
SELECT post_id, {at} FROM stream_item WHERE author_id IN ({authors}) AND {at} < ?
ORDER BY {at} DESC LIMIT ?
"""
AUTHORS_POSTGRES = """
SELECT item.post_id, item.at FROM ({authors}) someone(id) CROSS JOIN LATERAL (
  SELECT post_id, {at} AS at FROM stream_item WHERE author_id = someone.id AND {at} < ?
  ORDER BY {at} DESC LIMIT ?
) item ORDER BY item.at DESC LIMIT ?
"""
FOLLOWS = "SELECT followed_id FROM follow WHERE follower_id = ?"
UNSEEN_SQLITE = """
SELECT i.post_id, i.post_id FROM membership m JOIN space s ON s.id = m.space_id
JOIN stream_item i ON i.stream_id = m.space_id AND i.post_id IN (
  SELECT x.post_id FROM stream_item x
  WHERE x.stream_id = m.space_id AND x.post_id > m.seen_id AND x.post_id < ?
  ORDER BY x.post_id DESC LIMIT ?)
WHERE m.person_id = ? AND m.status = 'joined' AND s.last_post_id > m.seen_id
  AND NOT EXISTS (SELECT 1 FROM mute x WHERE x.person_id = m.person_id AND x.target_id = m.space_id)
ORDER BY i.post_id DESC LIMIT ?
"""
# What is unseen is the newest of a stream: with both bounds inside, PostgreSQL takes the stretch
# between them for short, and sorts all of it.
UNSEEN_POSTGRES = """
SELECT item.post_id, item.post_id FROM (
  SELECT m.space_id, m.seen_id FROM membership m JOIN space s ON s.id = m.space_id
  WHERE m.person_id = ? AND m.status = 'joined' AND s.last_post_id > m.seen_id
    AND NOT EXISTS (SELECT 1 FROM mute x
                    WHERE x.person_id = m.person_id AND x.target_id = m.space_id)
) mine CROSS JOIN LATERAL (
  SELECT post_id FROM stream_item WHERE stream_id = mine.space_id AND post_id < ?
  ORDER BY post_id DESC LIMIT ?
) item WHERE item.post_id > mine.seen_id ORDER BY item.post_id DESC LIMIT ?
"""
# No order: the first hundred that are found are enough to count. What is muted itself is looked at
# three times as far and no further.
UNSEEN_COUNT = """
SELECT count(*) FROM ({unseen} LIMIT ?) AS unseen
WHERE NOT EXISTS (SELECT 1 FROM mute x WHERE x.person_id = ?
                  AND x.target_id IN (unseen.post_id, unseen.author_id))
"""
UNSEEN_SOME_SQLITE = """
SELECT i.post_id, i.author_id FROM membership m JOIN stream_item i ON i.stream_id = m.space_id
WHERE m.person_id = ? AND m.status = 'joined' AND i.post_id > m.seen_id
  AND NOT EXISTS (SELECT 1 FROM mute x WHERE x.person_id = m.person_id AND x.target_id = m.space_id)
"""
UNSEEN_SOME_POSTGRES = """
SELECT item.post_id, item.author_id FROM membership m JOIN space s ON s.id = m.space_id
CROSS JOIN LATERAL (
  SELECT post_id, author_id FROM stream_item WHERE stream_id = m.space_id
  ORDER BY post_id DESC LIMIT 100
) item
WHERE m.person_id = ? AND m.status = 'joined' AND s.last_post_id > m.seen_id
  AND item.post_id > m.seen_id
  AND NOT EXISTS (SELECT 1 FROM mute x WHERE x.person_id = m.person_id AND x.target_id = m.space_id)
"""
LOOKED_AT = """
SELECT p.id, p.author_id, p.kind, p.space_id,
       CASE WHEN m.status = 'joined' THEN 1 ELSE 0 END,
       CASE WHEN s.access = 'open' AND s.is_closed = FALSE THEN 1 ELSE 0 END
FROM post p JOIN space s ON s.id = p.space_id
LEFT JOIN membership m ON m.space_id = p.space_id AND m.person_id = ?
WHERE p.id IN ({marks}) AND p.deleted_at IS NULL
"""


class Item(NamedTuple):
    """A post in a list, and where in its order it stands."""

    post_id: int
    at: int


class Looked(NamedTuple):
    """What a filter asks of a post."""

    id: int
    author_id: int
    kind: str
    space_id: int
    is_mine: int
    is_open: int


@dataclass(frozen=True, slots=True)
class Wish:
    """What a reader wants to see. `scope_id` is the partner company or the space of the view."""

    view: str = ALL
    sort: str = BY_NEWEST
    scope_id: int = 0
    kind: str = ""
    author_id: int = 0
    since_id: int = 0
    until_id: int = NEWEST

    @property
    def column(self) -> str:
        return COLUMNS[self.sort if self.view in SORTED else BY_NEWEST]

    @property
    def is_filtered(self) -> bool:
        return bool(self.kind or self.author_id or self.since_id or self.until_id != NEWEST)

    @property
    def by_author(self) -> bool:
        """Whether the list is led by authors; the spaces are asked afterwards."""
        return bool(self.author_id) or self.view == FOLLOWED


async def page(
    person_id: int, wish: Wish, cursor: int, limit: int, muted: Set[int] = frozenset()
) -> Page[int]:
    """The post ids a reader wants to see, in the order they want, without those they muted."""
    kept: list[Item] = []
    at = min(cursor, wish.until_id) if wish.column == "post_id" else cursor
    for step in STEPS:
        size = limit * step + 1
        found = await _step(person_id, wish, at, size)
        kept += await _kept(person_id, wish, found, muted)
        if len(kept) > limit:
            return Page([item.post_id for item in kept[:limit]], kept[limit - 1].at)
        if len(found) < size or (wish.column == "post_id" and found[-1].at < wish.since_id):
            return Page([item.post_id for item in kept])
        at = found[-1].at
    return Page([item.post_id for item in kept], at)


async def _step(person_id: int, wish: Wish, at: int, size: int) -> list[Item]:
    if wish.view == UNREAD:
        return await _unseen(person_id, at, size)
    if wish.by_author:
        return await _of_authors(person_id, wish, at, size)
    sql, values = streams_of(person_id, wish)
    kind, kinds = "", []
    if wish.view == ANNOUNCEMENTS or wish.kind == RARE_KIND:
        kind, kinds = "AND kind = ?", [RARE_KIND]
    if is_postgres():
        first = wish.column == "post_id" and at == NEWEST and not kind
        text = MERGED_POSTGRES.format(
            streams=sql, at=wish.column, kind=kind, most=LIVELIEST if first else EVERY
        )
        return await rows(Item, text, *values, *kinds, at, size, size)
    text = MERGED_SQLITE.format(streams=sql, at=wish.column, kind=kind)
    return await rows(Item, text, *values, *kinds, at, size)


def streams_of(person_id: int, wish: Wish) -> tuple[str, list[int]]:
    """The spaces whose posts a view shows, as SQL and its values."""
    if wish.view == SPACE:
        return ONE_SPACE, [wish.scope_id]
    if wish.view == PARTNER:
        return MINE.format(narrowed=WITH_PARTNER), [person_id, wish.scope_id]
    return MINE.format(narrowed=IN_COMPANY if wish.view == COMPANY else ""), [person_id]


async def _of_authors(person_id: int, wish: Wish, at: int, size: int) -> list[Item]:
    number = wish.author_id or person_id
    if is_postgres():
        authors = FOLLOWS if not wish.author_id else "SELECT CAST(? AS BIGINT)"
        text = AUTHORS_POSTGRES.format(authors=authors, at=wish.column)
        return await rows(Item, text, number, at, size, size)
    authors = FOLLOWS if not wish.author_id else "?"
    text = AUTHORS_SQLITE.format(authors=authors, at=wish.column)
    return await rows(Item, text, number, at, size)


async def _unseen(person_id: int, at: int, size: int) -> list[Item]:
    if is_postgres():
        return await rows(Item, UNSEEN_POSTGRES, person_id, at, size, size)
    return await rows(Item, UNSEEN_SQLITE, at, size, person_id, size)


async def unseen_count(person_id: int, most: int) -> int:
    """How many unseen posts are in a person's spaces, counted up to `most`."""
    unseen = UNSEEN_SOME_POSTGRES if is_postgres() else UNSEEN_SOME_SQLITE
    sql = UNSEEN_COUNT.format(unseen=unseen)
    found = await rows(Number, sql, person_id, 3 * most, person_id)
    return min(found[0].value, most)


async def _kept(person_id: int, wish: Wish, found: Sequence[Item], muted: Set[int]) -> list[Item]:
    """What of a step is left: readable, as wished, and not muted. One read, or none."""
    if not found or not (muted or wish.is_filtered or wish.by_author):
        return list(found)
    marks = ",".join("?" * len(found))
    looked = {
        row.id: row
        for row in await rows(
            Looked, LOOKED_AT.format(marks=marks), person_id, *[item.post_id for item in found]
        )
    }
    spaces = await _spaces(person_id, wish) if wish.by_author else None
    return [
        item
        for item in found
        if (row := looked.get(item.post_id))
        and _is_wished(wish, row)
        and not muted & {row.id, row.author_id, row.space_id}
        and (spaces is None or row.space_id in spaces or (wish.view == FOLLOWED and row.is_open))
    ]


def _is_wished(wish: Wish, row: Looked) -> bool:
    kind = RARE_KIND if wish.view == ANNOUNCEMENTS else wish.kind
    return (
        kind in ("", row.kind)
        and wish.author_id in (0, row.author_id)
        and wish.since_id <= row.id < wish.until_id
    )


async def _spaces(person_id: int, wish: Wish) -> set[int]:
    scope = replace(wish, view=ALL) if wish.view == FOLLOWED else wish
    sql, values = streams_of(person_id, scope)
    return {row.id for row in await rows(Id, sql, *values)}


async def muted_ids(person_id: int) -> set[int]:
    """Everything a person has muted: people, threads and spaces. Hot: on every home page."""
    return {
        row.id
        for row in await rows(Id, "SELECT target_id FROM mute WHERE person_id = ?", person_id)
    }
