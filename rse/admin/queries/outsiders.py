"""People of partners, as administrators see them."""

from collections.abc import Sequence
from dataclasses import dataclass

from rse.federation import queries as federation
from rse.federation.types import PartnerCard
from rse.identity.models import Person
from rse.kernel.errors import NotFound
from rse.kernel.i18n import gettext as _
from rse.spaces.models import JOINED, Membership, Space


@dataclass(frozen=True, slots=True)
class Outsider:
    """Somebody of a partner, and the spaces they are in."""

    person: Person
    partner: PartnerCard | None
    spaces: Sequence[Space]


async def find(person_id: int) -> Person | None:
    """Somebody of a partner; None for everybody else."""
    return await Person.get_or_none(id=person_id, uri__isnull=False).select_related("organisation")


async def outsider(person_id: int) -> Outsider:
    """The door to one of them."""
    person = await find(person_id)
    if person is None:
        raise NotFound(_("This person is not with a partner."))
    inside = Membership.filter(person_id=person_id, status=JOINED).select_related("space")
    partner = await federation.partner_of_organisation(person.organisation_id)
    return Outsider(person, partner, [row.space for row in await inside.order_by("id").limit(100)])
