"""What features see of federation: the incoming activity, cards, and events."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from rse.kernel.errors import RseError
from rse.kernel.events import Event

from .core.vocab import Activity

if TYPE_CHECKING:
    from rse.identity.models import Person

# Asked for by our own admins instead of a partner: `Feature.objects` loaders may then describe
# what is not shared yet.
OURSELVES = 0

# What a deactivation by a partner is remembered as: only the partner takes it back.
BY_PARTNER = "partner"

PartnerState = Literal["offered", "verifying", "active", "suspended", "terminated"]
ShareState = Literal["invited", "accepted", "active", "ended", "rejected"]


class MissingParent(RseError):
    """Raised by an inbox handler whose object has not arrived yet; the activity waits for it."""

    status: ClassVar[int] = 409


@dataclass(frozen=True, slots=True)
class Incoming:
    """One verified and authorised activity, handed to the feature that declared its kind."""

    partner_id: int
    organisation_id: int
    actor: "Person"
    activity: Activity
    space_id: int | None


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Whose an object is and in which space it lives; None where it lives in none."""

    author_id: int
    space_id: int | None


@dataclass(frozen=True, slots=True)
class PartnerCard:
    """A partner company as pages show it."""

    id: int
    organisation_id: int
    name: str
    host: str
    hue: int | None
    state: PartnerState


@dataclass(frozen=True, slots=True)
class ShareCard:
    """One space shared with one partner: we host it, or we hold a mirror of theirs."""

    id: int
    partner_id: int
    organisation_id: int
    role: Literal["host", "guest"]
    group_uri: str
    group_name: str
    group_summary: str
    space_id: int | None
    state: ShareState


@dataclass(frozen=True, slots=True)
class PartnershipActivated(Event):
    """Both admins confirmed the code."""

    name = "partnership.activated"
    partner_id: int


@dataclass(frozen=True, slots=True)
class PartnerSuspended(Event):
    name = "partner.suspended"
    partner_id: int


@dataclass(frozen=True, slots=True)
class PartnerResumed(Event):
    name = "partner.resumed"
    partner_id: int


@dataclass(frozen=True, slots=True)
class PartnerTerminated(Event):
    name = "partner.terminated"
    partner_id: int


@dataclass(frozen=True, slots=True)
class ShareAccepted(Event):
    """A share was accepted: as guest, make the mirror and `share.attach` it; as host, it is on."""

    name = "share.accepted"
    share_id: int
    partner_id: int


@dataclass(frozen=True, slots=True)
class ShareEnded(Event):
    """Nothing flows any more; a guest hides its mirror."""

    name = "share.ended"
    share_id: int
    partner_id: int
