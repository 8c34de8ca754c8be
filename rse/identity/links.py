"""One-time links and invitations: made, looked at, used up."""

from dataclasses import dataclass
from datetime import timedelta

from tortoise.expressions import F

from rse.kernel import clock
from rse.kernel.crypto import hash_token, same, token
from rse.kernel.db import transaction
from rse.kernel.errors import NotFound
from rse.kernel.i18n import gettext as _

from .models import Invitation, OneTimeLink

SETUP, RESET, SIGN_IN = "setup", "reset", "sign-in"
LIFETIMES = {SETUP: timedelta(days=3), RESET: timedelta(hours=2), SIGN_IN: timedelta(days=1)}


@dataclass(frozen=True, slots=True)
class Secret:
    """A token split in the part to find a row by and the hash to check."""

    text: str
    key: str
    hash: bytes


def new_secret() -> Secret:
    key, secret = token(9), token(24)
    return Secret(f"{key}.{secret}", key, hash_token(secret))


async def make_link(purpose: str, account_id: int | None = None) -> str:
    """A fresh one-time token; those given out before for the same purpose die."""
    secret = new_secret()
    async with transaction():
        await OneTimeLink.filter(purpose=purpose, account_id=account_id, used_at=None).delete()
        await OneTimeLink.create(
            token_key=secret.key,
            token_hash=secret.hash,
            purpose=purpose,
            account_id=account_id,
            expires_at=clock.now() + LIFETIMES[purpose],
        )
    return secret.text


async def look_at_link(text: str, purpose: str) -> OneTimeLink:
    """The live link of a token; one answer for every other."""
    key, _dot, secret = text.partition(".")
    link = await OneTimeLink.get_or_none(token_key=key, purpose=purpose).select_related(
        "account__person"
    )
    if (
        link is None
        or not same(bytes(link.token_hash), hash_token(secret))
        or link.used_at is not None
        or link.expires_at < clock.now()
    ):
        raise NotFound(_("This link has expired or was used already. Ask for a new one."))
    return link


async def use_link(link: OneTimeLink) -> None:
    """Use a link up, inside the transaction of what it allows; NotFound for the second of two."""
    if not await OneTimeLink.filter(id=link.id, used_at=None).update(used_at=clock.now()):
        raise NotFound(_("This link has expired or was used already. Ask for a new one."))


async def look_at_invitation(text: str) -> Invitation:
    """The live invitation of a token; one answer for every other."""
    key, _dot, secret = text.partition(".")
    found = await Invitation.get_or_none(token_key=key).select_related("invited_by")
    if (
        found is None
        or not same(bytes(found.token_hash), hash_token(secret))
        or found.cancelled_at is not None
        or found.uses_left < 1
        or found.expires_at < clock.now()
    ):
        raise NotFound(_("This invitation is not valid any more. Ask for a new one."))
    return found


async def use_invitation(invitation: Invitation) -> None:
    """Take one use, inside the transaction that makes the account."""
    taken = await Invitation.filter(id=invitation.id, uses_left__gte=1).update(
        uses_left=F("uses_left") - 1
    )
    if not taken:
        raise NotFound(_("This invitation is not valid any more. Ask for a new one."))
