"""Checks who somebody is: limits first, then the password, and one answer for every failure."""

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable

from tortoise.expressions import Q

from rse.kernel import limits
from rse.kernel.crypto import spend_like_a_check, verify_password
from rse.kernel.errors import Invalid, Unavailable
from rse.kernel.i18n import gettext as _
from rse.kernel.text import clean_line

from .models import Account

log = logging.getLogger(__name__)

# Login and password. Directories add themselves at start. None is every kind of "no"; Unavailable
# says that nobody could be asked.
Authenticator = Callable[[str, str], Awaitable[Account | None]]
authenticators: dict[str, Authenticator] = {}

LOCAL = "local"
LONGEST_LOGIN, LONGEST_PASSWORD = 256, 1024
WINDOW_SECONDS = 300
TRIES_PER_ACCOUNT = 10
# A whole company may sit behind one network at nine in the morning.
TRIES_PER_NETWORK = 300
# Above what a directory's refusal lasts, so that a local account's cannot be told from it.
FLOOR_SECONDS = 0.35


async def check_password(login: str, password: str, network: str) -> Account:
    """The account that login and password open. Every refusal reads and lasts the same."""
    started = time.monotonic()
    await limits.hit(f"sign-in:network:{network}", TRIES_PER_NETWORK, WINDOW_SECONDS)
    if not _plausible(login, password):
        raise await _refusal(started)
    known = await _known_account(login)
    key = f"sign-in:account:{known.id if known else _key(login)}"
    await limits.hit(key, TRIES_PER_ACCOUNT, WINDOW_SECONDS)
    account = await _opened_account(known, login, password)
    if account is None or not account.person.is_active or not account.person.is_local:
        log.info("sign-in refused", extra={"account": known.id if known else None})
        raise await _refusal(started)
    await limits.forgive(key)
    return account


async def pad(started: float) -> None:
    """Wait until an answer no longer tells by its delay what was looked up."""
    jitter = secrets.randbelow(40) / 1000 - 0.02
    await asyncio.sleep(max(0.0, started + FLOOR_SECONDS + jitter - time.monotonic()))


def _plausible(login: str, password: str) -> bool:
    return (
        0 < len(login) <= LONGEST_LOGIN
        and 0 < len(password) <= LONGEST_PASSWORD
        and "\0" not in login + password
    )


async def _refusal(started: float) -> Invalid:
    await pad(started)
    return Invalid(_("This login and password do not belong together. Check both and try again."))


def _key(login: str) -> str:
    return clean_line(login, LONGEST_LOGIN).casefold()


async def _known_account(login: str) -> Account | None:
    """By login; by mail address when exactly one account has it."""
    key = _key(login)
    found = (
        await Account.filter(Q(login=key[:120]) | Q(person__email=key[:254]))
        .select_related("person__organisation")
        .limit(3)
    )
    by_login = [account for account in found if account.login == key]
    if by_login:
        return by_login[0]
    return found[0] if len(found) == 1 else None


async def _opened_account(known: Account | None, login: str, password: str) -> Account | None:
    """A local password counts for local accounts only; everybody else is the directories'."""
    if known is not None and known.source == LOCAL:
        return known if await _right_password(known, password) else None
    if not authenticators:
        await spend_like_a_check()
    return await _ask_directories(login, password)


async def _right_password(account: Account, password: str) -> bool:
    if account.password_hash is None:
        await spend_like_a_check()
        return False
    return await verify_password(account.password_hash, password)


async def _ask_directories(login: str, password: str) -> Account | None:
    silent: Unavailable | None = None
    for authenticate in authenticators.values():
        try:
            account = await authenticate(login, password)
        except Unavailable as error:
            silent = error
            continue
        if account is not None:
            found = await Account.filter(id=account.id).select_related("person__organisation")
            return found[0] if found else None
    if silent is not None:
        raise silent
    return None
