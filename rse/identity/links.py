"""One-time links: made, looked at, used up."""

from dataclasses import dataclass
from datetime import timedelta

from rse.kernel import clock
from rse.kernel.crypto import hash_token, same, token
from rse.kernel.db import transaction
from rse.kernel.errors import NotFound
from rse.kernel.i18n import gettext as _

from .models import OneTimeLink

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
    link = await OneTimeLink.get_or_none(token_key=key[:32], purpose=purpose).select_related(
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
