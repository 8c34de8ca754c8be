"""Invitations: made, mailed, looked at, used up, called off."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta

from tortoise.expressions import F

from rse.kernel import clock
from rse.kernel.crypto import hash_token, mac, same, secret, token
from rse.kernel.db import transaction
from rse.kernel.errors import NotFound
from rse.kernel.i18n import gettext as _

from .events import InvitationMade
from .models import MEMBER, Invitation, Person

LONGEST_DAYS, MOST_USES = 90, 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Who may use an invitation, how often and how long."""

    email: str = ""
    name: str = ""
    by_link: bool = False
    domain: str = ""
    uses: int = 1
    days: int = 14
    role: str = MEMBER
    space_id: int | None = None


async def make_invitation(inviter: Person, terms: Terms) -> Invitation:
    """Invite one address, which gets a mail, or whoever holds the link."""
    key = token(9)
    async with transaction() as change:
        made = await Invitation.create(
            token_key=key,
            token_hash=hash_token(_secret_part(key)),
            invited_by=inviter,
            email=terms.email,
            name=terms.name,
            by_link=terms.by_link,
            domain=terms.domain,
            role=terms.role,
            space_id=terms.space_id,
            uses_left=terms.uses,
            expires_at=clock.now() + timedelta(days=terms.days),
        )
        if terms.email:
            change.record(InvitationMade(made.id))
    return made


def invitation_token(invitation: Invitation) -> str:
    """What the link carries. Derived, not stored: a mail that is sent twice carries the same."""
    return f"{invitation.token_key}.{_secret_part(invitation.token_key)}"


async def look_at_invitation(text: str) -> Invitation:
    """The live invitation of a token; one answer for every other."""
    key, _dot, presented = text.partition(".")
    found = await Invitation.get_or_none(token_key=key[:32]).select_related("invited_by")
    if (
        found is None
        or not same(bytes(found.token_hash), hash_token(presented))
        or not found.invited_by.is_active
        or not is_open(found)
    ):
        raise NotFound(_("This invitation is not valid any more. Ask for a new one."))
    return found


def is_open(invitation: Invitation) -> bool:
    """Whether somebody may still come in by it."""
    return (
        invitation.cancelled_at is None
        and invitation.uses_left >= 1
        and invitation.expires_at >= clock.now()
    )


async def use_invitation(invitation: Invitation) -> None:
    """Take one use, inside the transaction that makes the account."""
    taken = await Invitation.filter(id=invitation.id, uses_left__gte=1, cancelled_at=None).update(
        uses_left=F("uses_left") - 1
    )
    if not taken:
        raise NotFound(_("This invitation is not valid any more. Ask for a new one."))


async def cancel_invitation(invitation_id: int) -> bool:
    """Call an invitation off; False when it was off already."""
    return bool(
        await Invitation.filter(id=invitation_id, cancelled_at=None).update(
            cancelled_at=clock.now()
        )
    )


async def resend_invitation(invitation_id: int, days: int = 14) -> bool:
    """Mail it again and count its days from now; False when it is used up or called off."""
    async with transaction() as change:
        found = (
            await Invitation.filter(id=invitation_id, cancelled_at=None, uses_left__gte=1)
            .exclude(email="")
            .update(expires_at=clock.now() + timedelta(days=days))
        )
        if found:
            change.record(InvitationMade(invitation_id))
    return bool(found)


def _secret_part(key: str) -> str:
    return urlsafe_b64encode(mac(secret("invitation"), key)).decode().rstrip("=")
