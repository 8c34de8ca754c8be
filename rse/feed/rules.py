"""Who may do what with a post or comment. Pure: no database, no clock of its own."""

from datetime import datetime, timedelta

from rse.identity.models import Person
from rse.spaces import rules as spaces
from rse.spaces.models import Membership, Space

from .models import Comment, Post

RESTORABLE = timedelta(days=30)


def may_read(person: Person, post: Post, space: Space, membership: Membership | None) -> bool:
    """A deleted post is readable for nobody; its author finds it in the trash."""
    return post.deleted_at is None and spaces.may_read(person, space, membership)


def may_edit(person: Person, item: Post | Comment, membership: Membership | None) -> bool:
    """The author, while a member. Words of another company are edited there, never here."""
    return person.is_active and item.author_id == person.id and spaces.is_member(membership)


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
