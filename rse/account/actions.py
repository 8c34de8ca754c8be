"""Coming in by each door, and changing what one comes in with."""

import time
from dataclasses import dataclass

from rse.identity import links, people, sessions
from rse.identity.community import community
from rse.identity.events import LinkRequested
from rse.identity.models import ADMIN, Account, OneTimeLink, Person, Session
from rse.identity.passwords import require_good, set_password
from rse.identity.people import Card
from rse.identity.sign_in import LOCAL, check_password, pad
from rse.kernel import clock, limits
from rse.kernel.crypto import hash_password, verify_password
from rse.kernel.db import transaction
from rse.kernel.errors import Conflict, Invalid, NotAllowed
from rse.kernel.i18n import gettext as _

from . import queries, rules
from .drafts import (
    AddressDraft,
    PasswordChangeDraft,
    PasswordDraft,
    PreferencesDraft,
    SetupDraft,
    SignInDraft,
)

HOUR = 3600


@dataclass(frozen=True, slots=True)
class Caller:
    """The browser at the other end: what the list of sessions says about it."""

    browser: str
    network: str
    session: Session | None


async def sign_in(draft: SignInDraft, caller: Caller) -> str:
    """The token of a new session."""
    return await enter(await check_password(draft.login, draft.password, caller.network), caller)


async def enter(account: Account, caller: Caller) -> str:
    """A session of its own for each sign-in: the one the browser had before ends."""
    async with transaction():
        if caller.session:
            await sessions.end_session(caller.session.id, caller.session.account_id)
        return await sessions.open_session(account, browser=caller.browser, network=caller.network)


async def set_up(link: OneTimeLink, draft: SetupDraft, caller: Caller) -> str:
    """Make the first administrator and name the company."""
    if await queries.has_admin():
        raise Conflict(_("This network has an administrator already. Sign in instead."))
    if await queries.login_taken(draft.login):
        raise Invalid(
            _("Please check the marked fields."),
            {"login": _("Somebody has this login already. Choose another one.")},
        )
    require_good(draft.password, draft.login, draft.email)
    hashed = await hash_password(draft.password)
    async with transaction():
        await links.use_link(link)
        await people.our_organisation(draft.company)
        account = await people.ensure_local(
            draft.login,
            Card(display_name=draft.name, email=draft.email),
            role=ADMIN,
            password_hash=hashed,
        )
    return await enter(account, caller)


async def sign_in_by_link(link: OneTimeLink, caller: Caller) -> str:
    """Use a one-time link up."""
    account = link.account
    if account is None or not account.person.is_active:
        raise NotAllowed(_("This account is switched off. Ask an administrator."))
    async with transaction():
        await links.use_link(link)
        return await enter(account, caller)


async def request_reset(draft: AddressDraft, caller: Caller) -> None:
    """Have a link mailed, if there is an account to reset; nobody learns whether."""
    started = time.monotonic()
    await limits.hit(f"reset:network:{caller.network}", 60, HOUR)
    await limits.hit(f"reset:address:{draft.email}", 5, HOUR)
    account = await queries.resettable_account(draft.email)
    if account is not None:
        async with transaction() as change:
            change.record(LinkRequested(account.id, links.RESET))
    await pad(started)


async def reset(link: OneTimeLink, draft: PasswordDraft, caller: Caller) -> str:
    """Choose a new password by a mailed link; every session of before ends."""
    account = link.account
    if account is None or not account.person.is_active or account.source != LOCAL:
        raise NotAllowed(_("This account has no password here. Ask an administrator."))
    require_good(draft.password, account.login, account.person.email or "")
    hashed = await hash_password(draft.password)
    async with transaction():
        await links.use_link(link)
        await set_password(account, hashed)
    return await enter(account, Caller(caller.browser, caller.network, None))


async def change_password(session: Session, draft: PasswordChangeDraft) -> None:
    """Replace one's own password; the other browsers have to sign in again."""
    account = session.account
    if not rules.may_change_password(account):
        raise NotAllowed(_("Your password is kept by your company's directory. Change it there."))
    await limits.hit(f"password:{account.id}", 10, HOUR)
    if account.password_hash and not await verify_password(account.password_hash, draft.current):
        raise Invalid(
            _("Please check the marked fields."),
            {"current": _("This is not your present password.")},
        )
    require_good(draft.password, account.login, account.person.email or "")
    hashed = await hash_password(draft.password)
    await set_password(account, hashed, keep_session=session.id)


async def change_preferences(session: Session, draft: PreferencesDraft) -> None:
    """Language, time zone and light or dark."""
    async with transaction():
        await Person.filter(id=session.account.person_id).update(
            language=draft.language, timezone=draft.timezone
        )
        await Account.filter(id=session.account_id).update(scheme=draft.scheme)


async def change_language(session: Session, language: str) -> None:
    await Person.filter(id=session.account.person_id).update(language=language)


async def revoke_session(session: Session, session_id: int) -> None:
    """End one of one's own sessions; ending one that is gone already is no mistake."""
    await sessions.end_session(session_id, session.account_id)


async def revoke_other_sessions(session: Session) -> int:
    return await sessions.end_sessions(session.account_id, keep=session.id)


async def accept_terms(account: Account, version: int) -> None:
    """Accept the terms one has read; the newest ones, should they have changed meanwhile."""
    live = await community()
    if live.terms and version != live.terms_version:
        raise Conflict(_("The terms have just changed. Read them once more."))
    async with transaction():
        await Account.filter(id=account.id).update(
            terms_due=False, terms_version=live.terms_version, terms_accepted_at=clock.now()
        )
