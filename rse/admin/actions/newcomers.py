"""Who waits to be let in, and whether anybody has to."""

from rse.account import newcomers
from rse.admin.drafts import ReasonDraft
from rse.identity.community import set_approval
from rse.identity.models import Account
from rse.kernel.db import transaction

from .audit import note


async def change_approval(actor: Account, *, approval: bool) -> None:
    """Whether those who come by a link wait for an administrator."""
    async with transaction():
        await set_approval(approval=approval)
        await note(actor, "approval.changed", subject="on" if approval else "off")


async def approve(actor: Account, request_id: int) -> None:
    async with transaction():
        let_in = await newcomers.approve(request_id)
        await note(actor, "request.approved", subject=let_in.email)


async def decline(actor: Account, request_id: int, draft: ReasonDraft) -> None:
    """Send somebody away; they read the reason."""
    async with transaction():
        sent_away = await newcomers.decline(request_id, draft.reason)
        await note(actor, "request.declined", subject=sent_away.email, reason=draft.reason)
