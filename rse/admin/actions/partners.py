"""Partner companies: each act goes to the federation's own record and to ours."""

from collections.abc import Awaitable, Callable
from typing import Literal

from rse.federation import admin as federation
from rse.federation.admin import PartnerStatus
from rse.identity.models import Account
from rse.kernel.db import transaction

from .audit import note

Step = Literal["suspend", "resume", "terminate"]
_STEPS: dict[Step, Callable[[int, int], Awaitable[None]]] = {
    "suspend": federation.suspend,
    "resume": federation.resume,
    "terminate": federation.terminate,
}


async def invite(actor: Account) -> str:
    """A link for another company's administrator; shown once."""
    async with transaction():
        link = await federation.create_invite(actor.person_id)
        await note(actor, "partner.invited")
    return link


async def accept(actor: Account, link: str) -> PartnerStatus:
    """Join by a pasted link. It asks the other instance, so no transaction is open meanwhile."""
    partner = await federation.accept_invite(link, actor.person_id)
    await note(actor, "partner.joined", subject=partner.card.host)
    return partner


async def confirm(actor: Account, partner_id: int, heard: str) -> None:
    """Confirm with the code that the other administrator read out."""
    await federation.confirm_code(partner_id, heard, actor.person_id)
    await _note(actor, "partner.confirmed", partner_id)


async def step(actor: Account, partner_id: int, which: Step) -> None:
    """Suspend, resume or end a partnership."""
    await _STEPS[which](partner_id, actor.person_id)
    await _note(actor, f"partner.{which}", partner_id)


async def share(actor: Account, partner_id: int, space_id: int) -> None:
    """Offer a space of ours to a partner."""
    await federation.share_space(partner_id, space_id, actor.person_id)
    await _note(actor, "share.offer", partner_id)


async def answer_share(
    actor: Account, partner_id: int, share_id: int, which: Literal["accept", "decline", "end"]
) -> None:
    """Take, decline or end a share."""
    answers = {
        "accept": federation.accept_share,
        "decline": federation.decline_share,
        "end": federation.unshare_space,
    }
    await answers[which](share_id, actor.person_id)
    await _note(actor, f"share.{which}", partner_id)


async def _note(actor: Account, action: str, partner_id: int) -> None:
    partner = await federation.partner(partner_id)
    await note(actor, action, subject=partner.card.host)
