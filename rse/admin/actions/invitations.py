"""Inviting people, and taking invitations back."""

import re
from dataclasses import dataclass

from rse.account.drafts import mail_address
from rse.account.queries import address_taken
from rse.admin.drafts import MOST_ADDRESSES, LinkInvitationDraft, MailInvitationDraft
from rse.identity import invitations
from rse.identity.invitations import Terms
from rse.identity.models import Account, Invitation
from rse.kernel.db import transaction
from rse.kernel.errors import Conflict, Invalid
from rse.kernel.i18n import gettext as _
from rse.kernel.i18n import ngettext

from .audit import note


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom the mails go to, and who is here already."""

    sent: tuple[str, ...]
    known: tuple[str, ...]


async def invite_addresses(actor: Account, draft: MailInvitationDraft) -> Invited:
    """A personal invitation for each address; all of them or, when one is wrong, none."""
    addresses = _addresses(draft.addresses)
    known = [address for address in addresses if await address_taken(address)]
    fresh = [address for address in addresses if address not in known]
    async with transaction():
        for address in fresh:
            # The newest invitation of an address is the one that counts.
            await Invitation.filter(email=address, cancelled_at=None).update(uses_left=0)
            await invitations.make_invitation(actor.person, Terms(email=address, days=draft.days))
        if fresh:
            await note(actor, "invitation.mailed", subject=str(len(fresh)))
    return Invited(tuple(fresh), tuple(known))


def _addresses(text: str) -> list[str]:
    """The addresses of a text, each once; Invalid names those that are none."""
    written = list(dict.fromkeys(filter(None, re.split(r"[\s,;]+", text))))
    if len(written) > MOST_ADDRESSES:
        sentence = ngettext(
            "Write at most %(n)s address at a time.",
            "Write at most %(n)s addresses at a time.",
            MOST_ADDRESSES,
        )
        raise Invalid(_("Please check the marked fields."), {"addresses": sentence})
    good, wrong = [], []
    for word in written:
        try:
            good.append(mail_address(word))
        except ValueError:
            wrong.append(word[:60])
    if wrong or not good:
        sentence = _("This is not a mail address: %(text)s", text=", ".join(wrong[:5]) or text[:60])
        raise Invalid(_("Please check the marked fields."), {"addresses": sentence})
    return list(dict.fromkeys(good))


async def make_link(actor: Account, draft: LinkInvitationDraft) -> Invitation:
    """A link to hand round, for a number of people and perhaps one mail domain."""
    async with transaction():
        made = await invitations.make_invitation(
            actor.person, Terms(domain=draft.domain, uses=draft.uses, days=draft.days)
        )
        await note(actor, "invitation.link", subject=draft.domain)
    return made


async def cancel(actor: Account, invitation: Invitation) -> None:
    """Make an invitation worthless; twice is once."""
    async with transaction():
        if await invitations.cancel_invitation(invitation.id):
            await note(actor, "invitation.cancelled", subject=invitation.email or invitation.domain)


async def resend(actor: Account, invitation: Invitation) -> None:
    """Mail a personal invitation once more, with its days counted anew."""
    async with transaction():
        if not await invitations.resend_invitation(invitation.id):
            raise Conflict(_("This invitation was used or cancelled. Make a new one."))
        await note(actor, "invitation.resent", subject=invitation.email)
