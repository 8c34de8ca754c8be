"""Reads of a thread by keyset: a page of first comments, the latest answers to each.

A page shows its comments in the order they were written, the newest at the end. It begins where a
link leads: at the end, or around one comment.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rse.kernel.pages import NEWEST
from rse.kernel.reads import is_postgres, rows

from .models import Comment
from .queries import COMMENT_COLUMNS
from .rows import CommentRow, Id, Reactor

FIRSTS_SHOWN, ANSWERS_SHOWN, ANSWERS_OPEN = 20, 3, 50
AROUND = 10
REACTORS_SHOWN = 100

FIRSTS = f"""{COMMENT_COLUMNS}
WHERE c.post_id = ? AND c.parent_id IS NULL AND c.id < ? ORDER BY c.id DESC LIMIT ?
"""
ANSWERS_SQLITE = """{columns} WHERE c.id IN (
  SELECT x.id FROM comment t JOIN comment x ON x.id IN (
    SELECT y.id FROM comment y WHERE y.parent_id = t.id AND y.deleted_at IS NULL
    ORDER BY y.id DESC LIMIT ?)
  WHERE t.id IN ({marks})) ORDER BY c.id
"""
ANSWERS_POSTGRES = """{columns} WHERE c.id IN (
  SELECT x.id FROM comment t CROSS JOIN LATERAL (
    SELECT y.id FROM comment y WHERE y.parent_id = t.id AND y.deleted_at IS NULL
    ORDER BY y.id DESC LIMIT ?) x
  WHERE t.id IN ({marks})) ORDER BY c.id
"""
ONE_THREAD = f"""{COMMENT_COLUMNS}
WHERE c.parent_id = ? AND c.id < ? AND c.deleted_at IS NULL ORDER BY c.id DESC LIMIT ?
"""
NEXT_FIRSTS = """
SELECT id FROM comment WHERE post_id = ? AND parent_id IS NULL AND id > ? ORDER BY id LIMIT ?
"""
NEXT_ANSWERS = "SELECT id FROM comment WHERE parent_id = ? AND id > ? ORDER BY id LIMIT ?"
REACTORS = """
SELECT r.id, r.emoji, p.id, p.display_name, p.title, p.avatar_digest, o.name, o.is_ours
FROM reaction r JOIN person p ON p.id = r.person_id JOIN organisation o ON o.id = p.organisation_id
WHERE r.target_id = ? AND (r.person_id, r.emoji) > (?, ?)
ORDER BY r.person_id, r.emoji LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a thread somebody reads: cursors, and the first comment whose answers are open."""

    before: int = NEWEST
    open_id: int = 0
    answers_before: int = NEWEST


@dataclass(frozen=True, slots=True)
class Conversation:
    """One page of a thread. `more` are the first comments with earlier answers not shown."""

    rows: Sequence[CommentRow]
    earlier: int | None
    more: dict[int, int]
    place: Place


async def page(post_id: int, place: Place) -> Conversation:
    """A page of comments with their answers: two reads, three with one thread open."""
    found = await rows(CommentRow, FIRSTS, post_id, place.before, FIRSTS_SHOWN + 1)
    firsts = found[:FIRSTS_SHOWN][::-1]
    earlier = firsts[0].id if len(found) > FIRSTS_SHOWN else None
    answers = await _latest_answers([row.id for row in firsts if row.id != place.open_id])
    kept, more = _cut(answers, ANSWERS_SHOWN)
    if any(row.id == place.open_id for row in firsts):
        opened = await rows(
            CommentRow, ONE_THREAD, place.open_id, place.answers_before, ANSWERS_OPEN + 1
        )
        one, further = _cut(opened[::-1], ANSWERS_OPEN)
        kept, more = [*kept, *one], more | further
    return Conversation([*firsts, *kept], earlier, more, place)


async def _latest_answers(first_ids: Sequence[int]) -> list[CommentRow]:
    if not first_ids:
        return []
    text = ANSWERS_POSTGRES if is_postgres() else ANSWERS_SQLITE
    sql = text.format(columns=COMMENT_COLUMNS, marks=",".join("?" * len(first_ids)))
    return await rows(CommentRow, sql, ANSWERS_SHOWN + 1, *first_ids)


def _cut(answers: Sequence[CommentRow], most: int) -> tuple[list[CommentRow], dict[int, int]]:
    """At most so many answers to each comment; where there are more, the oldest one shown."""
    by_parent: dict[int, list[CommentRow]] = {}
    for row in answers:
        by_parent.setdefault(row.parent_id or 0, []).append(row)
    kept = [row for group in by_parent.values() for row in group[-most:]]
    more = {number: group[-most].id for number, group in by_parent.items() if len(group) > most}
    return kept, more


async def place_named(post_id: int, comment_id: int) -> Place:
    """The page on which a comment stands that an address names; the end, where there is none."""
    comment = await Comment.get_or_none(id=comment_id, post_id=post_id)
    return await place_of(post_id, comment.id, comment.parent_id) if comment else Place()


async def place_of(post_id: int, comment_id: int, parent_id: int | None) -> Place:
    """The page on which a comment stands, with some of what follows it."""
    first_id = parent_id or comment_id
    before = await _some_after(NEXT_FIRSTS, first_id, post_id)
    if parent_id is None:
        return Place(before=before)
    answers_before = await _some_after(NEXT_ANSWERS, comment_id, parent_id)
    return Place(before=before, open_id=parent_id, answers_before=answers_before)


async def _some_after(sql: str, comment_id: int, within: int) -> int:
    later = await rows(Id, sql, within, comment_id, AROUND + 1)
    return later[-1].id if len(later) > AROUND else NEWEST


async def reactors(
    target_id: int, after: tuple[int, str] = (0, ""), limit: int = REACTORS_SHOWN
) -> tuple[list[Reactor], bool]:
    """Who reacted, in the order of people, and whether there are more.

    The caller went through the target's door.
    """
    found = await rows(Reactor, REACTORS, target_id, *after, limit + 1)
    return found[:limit], len(found) > limit
