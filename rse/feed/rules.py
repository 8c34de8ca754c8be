"""Who may do what with a post or comment. Pure: no database, no clock of its own."""

import re
from datetime import datetime, timedelta

from rse.identity.models import Person
from rse.kernel.ids import to_public
from rse.kernel.text import fold
from rse.spaces import rules as spaces
from rse.spaces.models import Membership, Space

from .models import Comment, Post

RESTORABLE = timedelta(days=30)
# A post with nothing hanging on it but words and files.
PLAIN = "post"
SMALL_SPACE = 100
MOST_MUTES = 500


def may_read(person: Person, post: Post, space: Space, membership: Membership | None) -> bool:
    """Nobody reads a deleted post, or one that waits: each has a door of its own."""
    if post.deleted_at is not None or post.is_waiting:
        return False
    return spaces.may_read(person, space, membership)


def may_review(person: Person, post: Post, space: Space, membership: Membership | None) -> bool:
    """Whether a post that waits is shown: to its author and to the moderators of the space."""
    if post.deleted_at is not None or not post.is_waiting:
        return False
    is_concerned = post.author_id == person.id or spaces.may_moderate(membership)
    return is_concerned and spaces.may_read(person, space, membership)


def may_edit(
    person: Person,
    item: Post | Comment,
    space: Space,
    membership: Membership | None,
    author: Person | None = None,
) -> bool:
    """The author, where they may write; a moderator of the same company too, of posts without a
    form of their own, when `author` is given.

    Words of another company are edited there, never here.
    """
    if not spaces.may_take_part(person, space, membership):
        return False
    if item.author_id == person.id:
        return True
    if author is None or author.organisation_id != person.organisation_id:
        return False
    return isinstance(item, Post) and item.kind == PLAIN and spaces.may_moderate(membership)


def may_lock(person: Person, post: Post, space: Space, membership: Membership | None) -> bool:
    """Who may end the conversation, and open it again: the author, and moderators."""
    if not spaces.may_take_part(person, space, membership):
        return False
    return post.author_id == person.id or spaces.may_moderate(membership)


def may_move(
    person: Person, post: Post, author: Person, here: Membership | None, there: Membership | None
) -> bool:
    """The author where they may write, or a moderator of both spaces.

    Words of another company stay where their author put them, and so does what hangs on its space.
    """
    if not person.is_active or author.organisation_id != person.organisation_id:
        return False
    if post.kind != PLAIN or not (spaces.is_member(here) and spaces.is_member(there)):
        return False
    return post.author_id == person.id or (spaces.may_moderate(here) and spaces.may_moderate(there))


def may_mention_all(size: int, membership: Membership | None) -> bool:
    """Whether everybody in a space may be told at once: in a small one, or by its moderators."""
    return size <= SMALL_SPACE or spaces.may_moderate(membership)


def handle_of(name: str) -> str:
    """What a space or company is mentioned by: « Projet Rive-Nord » is @projet-rive-nord."""
    return "-".join(re.findall(r"[a-z0-9]+", fold(name)))[:40]


def may_delete(
    person: Person, item: Post | Comment, author: Person, membership: Membership | None
) -> bool:
    """The author; a moderator of the space too, where the author is of the same company."""
    if not person.is_active:
        return False
    if item.author_id == person.id:
        return True
    return spaces.may_moderate(membership) and author.organisation_id == person.organisation_id


def may_restore(person: Person, item: Post | Comment, now: datetime) -> bool:
    """Whoever deleted it, or its author, for 30 days."""
    if item.deleted_at is None or not person.is_active:
        return False
    return person.id in {item.author_id, item.deleted_by_id} and (
        now - item.deleted_at < RESTORABLE
    )


def comment_url(post_id: int, comment_id: int) -> str:
    """A comment on the page of its thread where it stands."""
    number = to_public(comment_id)
    return f"/posts/{to_public(post_id)}?comment={number}#c-{number}"
