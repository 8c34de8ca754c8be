"""What one partner company may know of our people beyond their card."""

from collections.abc import Sequence

from rse.federation import cards
from rse.identity.community import community
from rse.identity.models import Person
from rse.kernel.events import ordered
from rse.kernel.i18n import using

from . import queries
from .events import FieldsChanged

BATCH = 200


async def details(organisation_id: int, person: Person) -> Sequence[tuple[str, str]]:
    """By the names of our company's language: the partner's readers may have any."""
    with using((await community()).language):
        found = await queries.shown_to_partner(organisation_id, person)
    return [(one.name, "\n".join(one.lines)) for one in found]


@ordered
async def tell_partners(_event: FieldsChanged) -> None:
    """A field's audience is another: every partner gets what is theirs now, and loses the rest."""
    last = 0
    while known := await cards.known_people(last, BATCH):
        for person_id in known:
            await cards.tell(person_id)
        last = known[-1]
