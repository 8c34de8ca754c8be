"""Mail in a person's own export and erasure."""

from collections.abc import Mapping
from typing import Any

from rse.identity.models import Person

from .mailboxes import canonical
from .models import MailDraft, MailIn, MailOut, Suppression


async def export(person_id: int) -> Mapping[str, Any]:
    return {
        "mails_in": await MailIn.filter(person_id=person_id).values("outcome", "received_at"),
        "mails_out": await MailOut.filter(person_id=person_id).values(
            "kind", "state", "settled_at"
        ),
        "kept_words": await MailDraft.filter(person_id=person_id).values(
            "text", "reason", "expires_at"
        ),
    }


async def erase(person_id: int) -> None:
    """Forget what came, what went and what was kept; the address may be written to no more."""
    person = await Person.get_or_none(id=person_id)
    if person is not None and person.email:
        await Suppression.filter(address=canonical(person.email)).delete()
    await MailIn.filter(person_id=person_id).delete()
    await MailOut.filter(person_id=person_id).delete()
    await MailDraft.filter(person_id=person_id).delete()
