"""The audit record: lines are added, never changed."""

from rse.admin.models import AdminAudit
from rse.identity.models import Account


async def note(
    actor: Account,
    action: str,
    *,
    person_id: int | None = None,
    subject: str = "",
    reason: str = "",
) -> None:
    """Write down an act, inside the transaction of what it did."""
    await AdminAudit.create(
        actor_id=actor.person_id,
        action=action,
        person_id=person_id,
        subject=subject[:200],
        reason=reason[:500],
    )
