"""Acts of administration in a person's export; the record itself is kept: it is evidence."""

from collections.abc import Mapping

from rse.kernel.ids import made_at

from .models import AdminAudit, InvitationBatch


async def export(person_id: int) -> Mapping[str, list[dict[str, str]]]:
    acts = await AdminAudit.filter(actor_id=person_id).order_by("id")
    about = await AdminAudit.filter(person_id=person_id).order_by("id")
    return {
        "administration.done": [_row(act) for act in acts],
        "administration.about": [_row(act) for act in about],
    }


def _row(act: AdminAudit) -> dict[str, str]:
    return {"at": made_at(act.id).isoformat(), "action": act.action, "reason": act.reason}


async def erase(person_id: int) -> None:
    """The lines stay without a name: identity anonymises the person they point at."""
    await AdminAudit.filter(person_id=person_id).update(reason="")
    await InvitationBatch.filter(made_by_id=person_id).delete()
