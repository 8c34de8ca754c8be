"""Who may do what with a post or comment. Pure: no database, no clock of its own."""

from datetime import datetime, timedelta

from rse.identity.models import Person
from rse.spaces import rules as spaces
from rse.spaces.models import Membership, Space

from .models import Comment, Post

RESTORABLE = timedelta(days=30)


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
    person: Person, item: Post | Comment, space: Space, membership: Membership | None
) -> bool:
    """The author, where they may write. Words of another company are edited there, never here."""
    return item.author_id == person.id and spaces.may_take_part(person, space, membership)


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
