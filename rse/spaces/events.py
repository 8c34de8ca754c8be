"""What can happen to a space."""

from dataclasses import dataclass

from rse.kernel.events import Event


@dataclass(frozen=True, slots=True)
class SpaceCreated(Event):
    name = "space.created"
    space_id: int


@dataclass(frozen=True, slots=True)
class SpaceChanged(Event):
    name = "space.changed"
    space_id: int


@dataclass(frozen=True, slots=True)
class MemberJoined(Event):
    name = "space.member_joined"
    space_id: int
    person_id: int


@dataclass(frozen=True, slots=True)
class MemberLeft(Event):
    name = "space.member_left"
    space_id: int
    person_id: int


@dataclass(frozen=True, slots=True)
class AccessRequested(Event):
    name = "space.access_requested"
    space_id: int
    person_id: int


@dataclass(frozen=True, slots=True)
class RequestAccepted(Event):
    name = "space.request_accepted"
    space_id: int
    person_id: int
    by_id: int


@dataclass(frozen=True, slots=True)
class PersonInvited(Event):
    name = "space.person_invited"
    space_id: int
    person_id: int
    by_id: int


@dataclass(frozen=True, slots=True)
class OwnershipPassed(Event):
    """The last owner left the company; somebody else owns the space now."""

    name = "space.ownership_passed"
    space_id: int
    from_id: int
    person_id: int


@dataclass(frozen=True, slots=True)
class SpaceOrphaned(Event):
    """The last owner left the company, and nobody could follow."""

    name = "space.orphaned"
    space_id: int
    from_id: int
