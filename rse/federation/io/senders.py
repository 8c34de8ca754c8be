"""Who sends: what the door must know of a partner, by one hot read for each request."""

from typing import NamedTuple

from rse.federation.names import partnership_uri
from rse.kernel import reads

from .models import Partner


class Sender(NamedTuple):
    """A partner as it is at this very moment; nothing of it is kept from request to request."""

    id: int
    origin: str
    organisation_id: int | None
    state: str
    public_key: str
    stream: str
    partnership: str
    # Whether the signature that was asked about had been accepted before.
    seen: bool = False

    @property
    def actor(self) -> str:
        """The partner's instance actor."""
        return f"{self.origin}/fed/actor"

    @property
    def partnership_uri(self) -> str:
        """How the partner names the partnership."""
        return partnership_uri(self.origin, self.partnership)


SENDER = """
SELECT id, origin, organisation_id, state, public_key, stream, partnership,
       EXISTS (SELECT 1 FROM fed_seen_signature WHERE digest = ?)
FROM fed_partner WHERE origin = ?
"""


async def sender_at(origin: str, signature: str) -> Sender | None:
    """The partner at an origin, and whether this signature is a replay."""
    return await reads.row(Sender, SENDER, signature, origin)


SENDER_BY_ID = """
SELECT id, origin, organisation_id, state, public_key, stream, partnership
FROM fed_partner WHERE id = ?
"""


async def sender(partner_id: int) -> Sender:
    """A partner that is known to be there."""
    found = await reads.row(Sender, SENDER_BY_ID, partner_id)
    assert found is not None  # noqa: S101 - what refers to a partner goes with it
    return found


def sender_of(partner: Partner) -> Sender:
    """The same of a partner that was read whole."""
    return Sender(
        partner.id, partner.origin, partner.organisation_id, partner.state,
        partner.public_key, partner.stream, partner.partnership,
    )  # fmt: skip
