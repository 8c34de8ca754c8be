"""Who may do what in a space. Pure: no database, no clock."""

from rse.identity.models import Person

from .models import (
    INVITATION,
    INVITED,
    JOINED,
    MODERATOR,
    OPEN,
    OWNER,
    REQUEST,
    SECRET,
    Membership,
    Space,
)


def is_member(membership: Membership | None) -> bool:
    return membership is not None and membership.status == JOINED


def may_see(person: Person, space: Space, membership: Membership | None) -> bool:
    """Whether the space exists for this person at all."""
    if not person.is_active or space.is_closed:
        return False
    if is_member(membership) or (membership and membership.status == INVITED):
        return True
    return person.is_local and space.access != SECRET


def may_read(person: Person, space: Space, membership: Membership | None) -> bool:
    """Whether the person may read what is inside."""
    if not person.is_active or space.is_closed:
        return False
    return is_member(membership) or (person.is_local and space.access == OPEN)


def may_post(person: Person, space: Space, membership: Membership | None) -> bool:
    if not person.is_active or space.is_closed or space.archived_at is not None:
        return False
    return is_member(membership)


def may_moderate(membership: Membership | None) -> bool:
    return (
        membership is not None and is_member(membership) and membership.role in {OWNER, MODERATOR}
    )


def may_manage(membership: Membership | None) -> bool:
    return membership is not None and is_member(membership) and membership.role == OWNER


def may_create(person: Person) -> bool:
    return person.is_active and person.is_local


def may_join(person: Person, space: Space, membership: Membership | None) -> bool:
    """Whether they are in as soon as they ask."""
    if not person.is_active or space.archived_at is not None:
        return False
    if membership and membership.status == INVITED:
        return True
    return space.access == OPEN and membership is None and person.is_local


def may_request(person: Person, space: Space, membership: Membership | None) -> bool:
    return (
        person.is_active and person.is_local and membership is None
        and space.access == REQUEST and space.archived_at is None
    )  # fmt: skip


def may_invite(person: Person, space: Space, membership: Membership | None) -> bool:
    """Members bring colleagues where the door is open; elsewhere owners and moderators do."""
    if not may_post(person, space, membership):
        return False
    return space.access in {OPEN, REQUEST} or may_moderate(membership)


def may_leave(space: Space, membership: Membership | None, owners: int) -> bool:
    """Not the company space, and not the last owner."""
    if membership is None or space.is_company:
        return False
    return membership.role != OWNER or owners > 1


def needs_invitation(space: Space) -> bool:
    return space.access in {INVITATION, SECRET}
