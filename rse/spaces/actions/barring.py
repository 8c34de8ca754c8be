"""People of partners whom a moderator of ours took out: their company does not put them back."""

from rse.identity.models import Person
from rse.kernel.db import transaction
from rse.kernel.errors import NotFound
from rse.kernel.i18n import gettext as _
from rse.spaces.models import BARRED, Membership

from .members import admit, moderated


async def let_back(moderator: Person, space_id: int, person_id: int) -> None:
    """Let somebody in again who was taken out."""
    await moderated(moderator, space_id)
    async with transaction():
        if not await Membership.filter(
            space_id=space_id, person_id=person_id, status=BARRED
        ).delete():
            raise NotFound(_("This person is not kept out any more."))
        await admit(space_id, person_id)
