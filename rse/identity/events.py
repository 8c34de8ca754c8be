"""What can happen to people."""

from dataclasses import dataclass

from rse.kernel.events import Event


@dataclass(frozen=True, slots=True)
class PersonArrived(Event):
    """One of our people exists from now on."""

    name = "person.arrived"
    person_id: int


@dataclass(frozen=True, slots=True)
class PersonChanged(Event):
    name = "person.changed"
    person_id: int


@dataclass(frozen=True, slots=True)
class PersonDeactivated(Event):
    name = "person.deactivated"
    person_id: int


@dataclass(frozen=True, slots=True)
class PersonReactivated(Event):
    name = "person.reactivated"
    person_id: int


@dataclass(frozen=True, slots=True)
class LinkRequested(Event):
    """A mail with a fresh one-time link is due; the link is made when the mail is written."""

    name = "link.requested"
    account_id: int
    purpose: str


@dataclass(frozen=True, slots=True)
class InvitationMade(Event):
    """An invitation for one address is to be mailed."""

    name = "invitation.made"
    invitation_id: int


@dataclass(frozen=True, slots=True)
class InvitationAccepted(Event):
    """Somebody came in by an invitation, perhaps into the space it names."""

    name = "invitation.accepted"
    invitation_id: int
    person_id: int
