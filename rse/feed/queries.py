"""Reads of the feed. `post_for` and `comment_for` are the only doors to what people wrote."""

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import NamedTuple

from rse.identity.models import Person
from rse.kernel.errors import NotFound
from rse.kernel.i18n import gettext as _
from rse.kernel.pages import LIMIT, NEWEST, Page, page_of
from rse.kernel.reads import ids, row, rows
from rse.kernel.text import fold
from rse.spaces import queries as spaces
from rse.spaces import rules as space_rules
from rse.spaces.models import JOINED, MODERATOR, OPEN, OWNER, Membership, Space
from rse.spaces.queries import SpaceView

from . import rules, streams
from .models import Comment, Post, PostVersion
from .rows import CommentRow, Id, Mine, Number, PostRow, SharedRow, Visit
from .streams import Wish

HOME = Wish()

BY_AUTHOR = """
SELECT p.id FROM post p JOIN space s ON s.id = p.space_id
LEFT JOIN membership m ON m.space_id = s.id AND m.person_id = ?
WHERE p.author_id = ? AND p.id < ? AND p.deleted_at IS NULL AND p.is_waiting = FALSE
  AND (m.status = 'joined' OR s.access = 'open') AND s.is_closed = FALSE
ORDER BY p.id DESC LIMIT ?
"""
READABLE = """
SELECT p.id FROM post p JOIN space s ON s.id = p.space_id
LEFT JOIN membership m ON m.space_id = s.id AND m.person_id = ? AND m.status = 'joined'
WHERE p.id IN ({marks}) AND p.deleted_at IS NULL AND s.is_closed = FALSE
  AND (m.id IS NOT NULL OR s.access = 'open')
"""
SHARED = """
SELECT p.id, x.id, x.title, x.html, a.id, a.display_name, a.avatar_digest, o.name, o.is_ours,
       s.name,
       CASE WHEN x.deleted_at IS NULL AND s.is_closed = FALSE
                 AND (m.id IS NOT NULL OR s.access = 'open') THEN 1 ELSE 0 END
FROM post p JOIN post x ON x.id = p.shared_id JOIN person a ON a.id = x.author_id
JOIN organisation o ON o.id = a.organisation_id JOIN space s ON s.id = x.space_id
LEFT JOIN membership m ON m.space_id = s.id AND m.person_id = ? AND m.status = 'joined'
WHERE p.id IN ({marks})
"""
CARDS = """
SELECT p.id, p.version, p.kind, p.title, p.html, p.edited_at, p.comment_count,
       CAST(p.reaction_counts AS text),
       p.last_comment_id, p.by_mail, a.id, a.display_name, a.title, a.avatar_digest, a.status,
       o.id, o.name, o.is_ours, s.id, s.name, s.access, s.category, s.is_company, h.name, h.is_ours,
       p.edited_by_id, p.shared_id, p.is_locked
FROM post p JOIN person a ON a.id = p.author_id JOIN organisation o ON o.id = a.organisation_id
JOIN space s ON s.id = p.space_id JOIN organisation h ON h.id = s.organisation_id
WHERE p.id IN ({marks}) AND p.deleted_at IS NULL AND p.is_waiting = FALSE
"""
COMMENT_COLUMNS = """
SELECT c.id, c.version, c.post_id, c.parent_id, c.html, c.edited_at, c.deleted_at,
       CAST(c.reaction_counts AS text), c.by_mail, a.id, a.display_name, a.title, a.avatar_digest,
       a.status, o.name, o.is_ours
FROM comment c JOIN person a ON a.id = c.author_id JOIN organisation o ON o.id = a.organisation_id
"""


async def post_for(person: Person, post_id: int) -> tuple[Post, SpaceView]:
    """A living post, if the person may read it; one answer otherwise: no oracle."""
    post = await Post.get_or_none(id=post_id)
    if post is not None:
        view = await _view(person, post.space_id)
        if view and rules.may_read(person, post, view.space, view.membership):
            return post, view
    raise NotFound(_("This post does not exist, or not any more."))


async def own_post(person: Person, post_id: int) -> tuple[Post, SpaceView]:
    """A post for whoever changes it: readable, or one's own that still waits for a moderator."""
    mine = await Post.get_or_none(id=post_id, author_id=person.id, is_waiting=True, deleted_at=None)
    view = await _view(person, mine.space_id) if mine else None
    if mine and view and rules.may_review(person, mine, view.space, view.membership):
        return mine, view
    return await post_for(person, post_id)


async def is_waiting(item: Post | Comment) -> bool:
    """Whether a post still waits for a moderator; nothing can be said about it before."""
    return isinstance(item, Post) and item.is_waiting


async def comment_for(person: Person, comment_id: int) -> tuple[Comment, SpaceView]:
    """A living comment, if the person may read its post."""
    comment = await Comment.get_or_none(id=comment_id, deleted_at=None)
    if comment is not None:
        _post, view = await post_for(person, comment.post_id)
        return comment, view
    raise NotFound(_("This comment does not exist, or not any more."))


async def target_for(person: Person, target_id: int) -> tuple[Post | Comment, SpaceView]:
    """The post or comment of an id: what reactions are put on."""
    if await Comment.exists(id=target_id):
        return await comment_for(person, target_id)
    return await post_for(person, target_id)


async def deleted_post(person: Person, post_id: int) -> Post:
    """A post in the trash, for whoever may bring it back."""
    post = await Post.filter(id=post_id).exclude(deleted_at=None).first()
    if post is None or person.id not in {post.author_id, post.deleted_by_id}:
        raise NotFound(_("This post does not exist, or not any more."))
    return post


async def _view(person: Person, space_id: int) -> SpaceView | None:
    space = await Space.get_or_none(id=space_id).select_related("organisation")
    membership = await Membership.get_or_none(space_id=space_id, person_id=person.id)
    return SpaceView(space, membership) if space else None


async def may_read_post(person: Person, post_id: int, comment_id: int | None = None) -> bool:
    """For files and live signals: whether the post is open to this person now, and its comment."""
    if comment_id and not await Comment.exists(id=comment_id, deleted_at=None):
        return False
    post = await Post.get_or_none(id=post_id)
    view = await _view(person, post.space_id) if post else None
    if post is None or view is None:
        return False
    see = rules.may_review if post.is_waiting else rules.may_read
    return see(person, post, view.space, view.membership)


async def may_comment(person: Person, post_id: int) -> bool:
    """Whether the person may add to the conversation under a post now."""
    post = await Post.get_or_none(id=post_id)
    view = await _view(person, post.space_id) if post else None
    if post is None or view is None or post.is_locked:
        return False
    may_read = rules.may_read(person, post, view.space, view.membership)
    return may_read and space_rules.may_comment(person, view.space, view.membership)


async def readable_among(person: Person, post_ids: Sequence[int]) -> list[int]:
    """Those of some posts that a person of ours may read now: one read."""
    if not post_ids or not person.is_local:
        return []
    marks = ",".join("?" * len(post_ids))
    found = await rows(Id, READABLE.format(marks=marks), person.id, *post_ids)
    return [row.id for row in found]


async def has_files(post_id: int) -> bool:
    found = await rows(Id, "SELECT id FROM stored_file WHERE post_id = ? LIMIT 1", post_id)
    return bool(found)


async def home_page(
    person_id: int,
    cursor: int = NEWEST,
    limit: int = LIMIT,
    wish: Wish = HOME,
    muted: Set[int] | None = None,
) -> Page[int]:
    """Post ids of the home feed, or of what else the reader wishes to see.

    What one muted is left out, `muted` when that is known already; a space shows everything.
    """
    if muted is None:
        muted = await streams.muted_ids(person_id) if wish.view != streams.SPACE else set()
    return await streams.page(person_id, wish, cursor, limit, muted)


async def unread_count(person_id: int, most: int = 100) -> int:
    """How many unseen posts, counted up to `most`."""
    return await streams.unseen_count(person_id, most)


async def author_page(
    reader: Person, author_id: int, cursor: int = NEWEST, limit: int = LIMIT
) -> Page[int]:
    """Post ids of one author, as far as the reader may see them."""
    if not reader.is_local:
        return Page([])
    found = await rows(Id, BY_AUTHOR, reader.id, author_id, cursor, limit + 1)
    return page_of([row.id for row in found], lambda number: number, limit)


async def post_rows(post_ids: Sequence[int]) -> list[PostRow]:
    """The posts of a page, in its order, with authors and spaces: one read."""
    if not post_ids:
        return []
    marks = ",".join("?" * len(post_ids))
    found = {row.id: row for row in await rows(PostRow, CARDS.format(marks=marks), *post_ids)}
    return [found[number] for number in post_ids if number in found]


async def last_comments(comment_ids: Sequence[int]) -> dict[int, CommentRow]:
    """The comment shown under each card, by post."""
    wanted = [number for number in comment_ids if number]
    if not wanted:
        return {}
    marks = ",".join("?" * len(wanted))
    found = await rows(
        CommentRow, f"{COMMENT_COLUMNS} WHERE c.id IN ({marks}) AND c.deleted_at IS NULL", *wanted
    )
    return {row.post_id: row for row in found}


async def shared_parts(
    reader: Person, shown: Sequence[PostRow], _moderated: Mapping[int, bool]
) -> dict[int, object]:
    """What shares show of the posts they share, as far as the reader may read those: one read."""
    sharing = [row.id for row in shown if row.shared_id]
    if not sharing:
        return {}
    sql = SHARED.format(marks=",".join("?" * len(sharing)))
    found = {row.id: row for row in await rows(SharedRow, sql, reader.id, *sharing)}
    return {number: quoted(found.get(number)) for number in sharing}


def quoted(row: SharedRow | None) -> SharedRow | None:
    """The shared post, or None for whoever may not read it: then nothing of it is kept."""
    return row if row and row.is_readable else None


async def own_reactions(person_id: int, target_ids: Sequence[int]) -> set[tuple[int, str]]:
    """What the reader has put on these posts and comments."""
    if not target_ids:
        return set()
    marks = ",".join("?" * len(target_ids))
    sql = f"SELECT target_id, emoji FROM reaction WHERE person_id = ? AND target_id IN ({marks})"  # noqa: S608
    return {(row.target_id, row.emoji) for row in await rows(Mine, sql, person_id, *target_ids)}


async def history_of(person: Person, target_id: int) -> list[PostVersion]:
    """What a post or comment said before, newest first; for whoever may read it now."""
    await target_for(person, target_id)
    return (
        await PostVersion.filter(target_id=target_id)
        .select_related("editor")
        .order_by("-id")
        .limit(50)
    )


async def home_visit(person_id: int) -> Visit | None:
    """Where the last visit ended. Hot: on the home page."""
    sql = (
        "SELECT newest_id, line_id, line_at, seen_at, view, sort FROM home_visit"
        " WHERE person_id = ?"
    )
    return await row(Visit, sql, person_id)


async def thread_people(post_id: int) -> list[int]:
    """Those who wrote in a thread: its author and who commented."""
    post = await Post.get_or_none(id=post_id)
    if post is None:
        return []
    wrote = await ids(Comment.filter(post_id=post_id, deleted_at=None), "author_id")
    return list(dict.fromkeys([post.author_id, *wrote]))


async def author_of(post: Post) -> Person:
    """Who wrote a post, with their company."""
    return await Person.get(id=post.author_id).select_related("organisation")


async def people_called(typed: str) -> list[Person]:
    """Whom a name or @handle may mean: those of exactly that name, else a few it is part of."""
    if typed.startswith("@"):
        return await Person.filter(handle=typed[1:].casefold()).order_by("id").limit(2)
    found = await Person.filter(search_name__contains=fold(typed)).order_by("id").limit(5)
    return [person for person in found if fold(person.display_name) == fold(typed)] or found


async def readers_among(space_id: int, person_ids: Sequence[int]) -> list[int]:
    """Those of `person_ids` who may read the space now."""
    may_read = await readers_of([await Space.get(id=space_id)], person_ids)
    return [number for number in dict.fromkeys(person_ids) if (space_id, number) in may_read]


async def readers_of(places: Iterable[Space], person_ids: Iterable[int]) -> set[tuple[int, int]]:
    """(space, person) of all who may read now: two reads, however many of either."""
    known = {space.id: space for space in places}
    people = await Person.filter(id__in=list(person_ids))
    members = {
        (row.space_id, row.person_id): row
        for row in await Membership.filter(
            space_id__in=list(known), person_id__in=[person.id for person in people]
        )
    }
    return {
        (space.id, person.id)
        for space in known.values()
        for person in people
        if space_rules.may_read(person, space, members.get((space.id, person.id)))
    }


async def writable_spaces(person: Person) -> list[spaces.MySpace]:
    """Where the person may write: the choices of the composer, the company's space first."""
    mine = await spaces.my_spaces(person.id, spaces.MOST_SPACES)
    mine = [space for space in mine if space.may_post]
    return sorted(mine, key=lambda space: not space.is_company)


async def trash_of(person_id: int) -> list[Post]:
    """What a person deleted and may still bring back, newest first."""
    return (
        await Post.filter(deleted_by_id=person_id, purged=False)
        .exclude(deleted_at=None)
        .select_related("space")
        .order_by("-deleted_at")
        .limit(100)
    )


class Awaiting(NamedTuple):
    """What waits for a person: mentions they have not read."""

    mentions: int
    requests: int


AWAITING = """
SELECT (SELECT count(*) FROM notification
        WHERE person_id = ? AND read_at IS NULL AND kind = 'feed.mention'),
       (SELECT count(*) FROM notification
        WHERE person_id = ? AND read_at IS NULL AND kind = 'spaces.request')
"""


async def awaiting(person_id: int) -> Awaiting:
    """The figures of the greeting; each leads to the thing itself."""
    found = await rows(Awaiting, AWAITING, person_id, person_id)
    return found[0]


DIFFERENCE = """
SELECT count(*) FROM membership m JOIN person p ON p.id = m.person_id
WHERE m.space_id = ? AND m.status = 'joined' AND p.uri IS NULL AND p.status = 'active'
  AND NOT EXISTS (SELECT 1 FROM membership o
                  WHERE o.space_id = ? AND o.person_id = m.person_id AND o.status = 'joined')
"""
OURS_OUTSIDE = """
SELECT count(*) FROM person p WHERE p.uri IS NULL AND p.status = 'active'
  AND NOT EXISTS (SELECT 1 FROM membership o
                  WHERE o.space_id = ? AND o.person_id = p.id AND o.status = 'joined')
"""


async def audience_difference(here: Space, there: Space) -> tuple[int, int]:
    """How many colleagues read `there` and not `here`, and the other way round."""
    return await _only_in(there, here), await _only_in(here, there)


async def _only_in(one: Space, other: Space) -> int:
    if other.access == OPEN:
        return 0  # everybody of ours reads it
    if one.access == OPEN:
        return (await rows(Number, OURS_OUTSIDE, other.id))[0].value
    return (await rows(Number, DIFFERENCE, one.id, other.id))[0].value


async def movable_to(person: Person, post: Post) -> list[spaces.MySpace]:
    """Where somebody may move a post: the author where they write, a moderator where they are."""
    mine = [space for space in await writable_spaces(person) if space.id != post.space_id]
    if post.author_id == person.id:
        return mine
    moderated = set(
        await ids(
            Membership.filter(person_id=person.id, status=JOINED, role__in=[OWNER, MODERATOR]),
            "space_id",
        )
    )
    return [space for space in mine if space.id in moderated]
