"""Who may do what in a space. Pure: no database, no clock."""

from rse.identity.models import Person

from .models import (
    APPROVAL,
    EXTERNAL,
    INVITATION,
    INVITED,
    JOINED,
    MEMBER,
    MODERATOR,
    MODERATORS_POST,
    OPEN,
    OWNER,
    READER,
    REQUEST,
    SECRET,
    Membership,
    Space,
)

# People of another company never decide in a space: they read, and write as far as it lets them.
OUR_ROLES = (OWNER, MODERATOR, MEMBER, READER)
THEIR_ROLES = (EXTERNAL, READER)


def roles_for(person: Person) -> tuple[str, ...]:
    """The roles a person may be given."""
    return OUR_ROLES if person.is_local else THEIR_ROLES


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


def may_take_part(person: Person, space: Space, membership: Membership | None) -> bool:
    """Whether the person may leave any mark here at all: the base of every other right to write."""
    if not person.is_active or space.is_closed or space.archived_at is not None:
        return False
    return membership is not None and is_member(membership) and membership.role != READER


def may_post(person: Person, space: Space, membership: Membership | None) -> bool:
    if not may_take_part(person, space, membership):
        return False
    return space.posting != MODERATORS_POST or may_moderate(membership)


def must_wait(space: Space, membership: Membership | None) -> bool:
    """Whether a post of this member is shown only when a moderator agrees."""
    return space.posting == APPROVAL and not may_moderate(membership)


def may_comment(person: Person, space: Space, membership: Membership | None) -> bool:
    if not may_take_part(person, space, membership):
        return False
    return space.members_comment or may_moderate(membership)


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
    if not person.is_active or space.is_closed or space.archived_at is not None:
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
    if not person.is_local or not may_take_part(person, space, membership):
        return False
    return space.access in {OPEN, REQUEST} or may_moderate(membership)


def may_leave(space: Space, membership: Membership | None, owners: int) -> bool:
    """Not the company space, and not the last owner."""
    if membership is None or space.is_company:
        return False
    return membership.role != OWNER or owners > 1


def needs_invitation(space: Space) -> bool:
    return space.access in {INVITATION, SECRET}


def may_have_parts(space: Space) -> bool:
    """One level only; what a partner hosts, and the space of everybody, have none."""
    is_plain = space.uri is None and not space.is_company and not space.is_closed
    return is_plain and space.parent_id is None and space.archived_at is None


def may_be_part(space: Space) -> bool:
    return space.uri is None and not space.is_company


def may_export(membership: Membership | None) -> bool:
    """The list of members as a file: for those who answer for the space."""
    return may_moderate(membership)
