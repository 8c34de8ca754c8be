"""Keeping somebody of a partner out, whatever their company says, and letting them in again."""

from rse.admin import rules
from rse.identity import people
from rse.identity.models import Account, Person
from rse.kernel.db import transaction
from rse.kernel.errors import Conflict
from rse.kernel.i18n import gettext as _

from .audit import note


async def keep_out(actor: Account, person: Person, reason: str) -> None:
    """Nothing they write is taken any more; what they wrote stays."""
    async with transaction():
        if await people.deactivate(person.id, rules.BY_ADMIN):
            await note(actor, "outsider.off", person_id=person.id, reason=reason)


async def let_in(actor: Account, person: Person, reason: str) -> None:
    """Take back what an administrator of ours decided; a company's own word it does not undo."""
    if not person.is_active and not rules.may_enable(person):
        raise Conflict(_("Their company says that this person left. Only it can take that back."))
    async with transaction():
        if await people.reactivate(person.id, rules.BY_ADMIN):
            await note(actor, "outsider.on", person_id=person.id, reason=reason)
