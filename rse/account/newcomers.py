"""Coming in for the first time: by an invitation, at once or after an administrator said yes."""

from dataclasses import dataclass

from tortoise.exceptions import IntegrityError

from rse.config import settings
from rse.identity import invitations, people
from rse.identity.community import Community, community
from rse.identity.events import InvitationAccepted
from rse.identity.invitations import Terms
from rse.identity.models import Account, Invitation, Person
from rse.identity.passwords import require_good
from rse.identity.people import Card
from rse.kernel import clock, limits
from rse.kernel.crypto import hash_password
from rse.kernel.db import transaction
from rse.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from rse.kernel.i18n import gettext as _
from rse.mail import system
from rse.notifications import preferences, withdraw
from rse.notifications.hours import NEVER
from rse.notifications.kinds import kinds
from rse.notifications.times import change_times

from . import queries, rules
from .actions import HOUR, Caller, enter
from .drafts import AddressDraft, JoinDraft, mail_address
from .events import JoinRequested
from .models import JoinRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class _Newcomer:
    """What an account is made of."""

    invitation_id: int
    email: str
    name: str
    password_hash: str
    language: str
    mail: str
    role: str
    terms_version: int


async def prove_address(invitation: Invitation, draft: AddressDraft) -> None:
    """Answer a link for a mail domain with a personal invitation to the address."""
    _require_fitting(invitation, draft.email)
    await limits.hit(f"join:address:{draft.email}", 3, HOUR)
    if await queries.address_taken(draft.email):
        return
    async with transaction():
        await invitations.use_invitation(invitation)
        await invitations.make_invitation(
            invitation.invited_by,
            Terms(
                email=draft.email, days=3, role=invitation.role, space_id=invitation.space_id,
                by_link=True,
            ),
        )  # fmt: skip


async def join(invitation: Invitation, draft: JoinDraft, caller: Caller) -> str | None:
    """Make the account an invitation allows; None: an administrator is asked first."""
    if rules.must_prove_address(invitation):
        raise NotAllowed(_("First confirm your mail address."))
    live = await community()
    newcomer = await _newcomer(invitation, draft, live)
    if rules.must_wait(invitation, approval=live.approval):
        await _ask_administrators(invitation, newcomer, draft.message)
        return None
    async with transaction():
        await invitations.use_invitation(invitation)
        account = await _make_account(newcomer)
    return await enter(account, caller)


async def _newcomer(invitation: Invitation, draft: JoinDraft, live: Community) -> _Newcomer:
    address = invitation.email or _typed_address(draft.email)
    _require_fitting(invitation, address)
    if live.terms and not draft.terms:
        raise Invalid(
            _("Please check the marked fields."), {"terms": _("Accept the terms to go on.")}
        )
    require_good(draft.password, address, draft.name)
    if await queries.address_taken(address):
        raise Conflict(_("There is an account with this address already. Sign in instead."))
    return _Newcomer(
        invitation_id=invitation.id, email=address, name=draft.name,
        password_hash=await hash_password(draft.password), language=draft.language,
        mail=draft.mail, role=invitation.role,
        terms_version=live.terms_version if live.terms else 0,
    )  # fmt: skip


async def _ask_administrators(invitation: Invitation, newcomer: _Newcomer, message: str) -> None:
    """Keep all that makes the account until they answer."""
    # Nobody takes the place of who waits already: their password becomes the account's.
    if await JoinRequest.exists(email=newcomer.email):
        raise Conflict(_("A request with this address is waiting already. You will get a mail."))
    async with transaction() as change:
        await invitations.use_invitation(invitation)
        made = await JoinRequest.create(
            invitation_id=invitation.id, inviter=invitation.invited_by.display_name,
            email=newcomer.email, name=newcomer.name, message=message,
            password_hash=newcomer.password_hash, language=newcomer.language, mail=newcomer.mail,
            role=newcomer.role, terms_version=newcomer.terms_version,
        )  # fmt: skip
        change.record(JoinRequested(made.id))


async def approve(request_id: int) -> JoinRequest:
    """Let somebody in who waits, and write to them."""
    async with transaction():
        waiting = await _taken(request_id)
        await _make_account(
            _Newcomer(
                invitation_id=waiting.invitation_id, email=waiting.email, name=waiting.name,
                password_hash=waiting.password_hash, language=waiting.language, mail=waiting.mail,
                role=waiting.role, terms_version=waiting.terms_version,
            )
        )  # fmt: skip
        context = {"name": waiting.name, "url": f"{settings().origin}/sign-in"}
        await system.send("approved", waiting.email, waiting.language, context)
    return waiting


async def decline(request_id: int, reason: str) -> JoinRequest:
    """Send somebody away who waits, with the reason; nothing of them is kept."""
    async with transaction():
        waiting = await _taken(request_id)
        context = {"name": waiting.name, "reason": reason}
        await system.send("declined", waiting.email, waiting.language, context)
    return waiting


async def _taken(request_id: int) -> JoinRequest:
    """The request, which is answered now: the second of two answers finds none."""
    waiting = await JoinRequest.get_or_none(id=request_id)
    if waiting is None or not await JoinRequest.filter(id=request_id).delete():
        raise NotFound(_("This request was answered in the meantime."))
    await withdraw(request_id)
    return waiting


async def _make_account(newcomer: _Newcomer) -> Account:
    try:
        async with transaction() as change:
            if await queries.address_taken(newcomer.email):
                raise _taken_address()
            account = await people.ensure_local(
                newcomer.email,
                Card(display_name=newcomer.name, email=newcomer.email),
                role=newcomer.role,
                password_hash=newcomer.password_hash,
            )
            await Person.filter(id=account.person_id).update(language=newcomer.language)
            await _note_terms(account, newcomer.terms_version)
            await _choose_mail(account.person_id, newcomer.mail)
            change.record(InvitationAccepted(newcomer.invitation_id, account.person_id))
    except IntegrityError:  # the other of two at the same moment
        raise _taken_address() from None
    return account


def _taken_address() -> Conflict:
    return Conflict(_("There is an account with this address already. Sign in instead."))


async def _note_terms(account: Account, version: int) -> None:
    """What was accepted at the door; newer ones are asked for at the first visit."""
    if version:
        is_due = version != (await community()).terms_version
        await Account.filter(id=account.id).update(
            terms_accepted_at=clock.now(), terms_version=version, terms_due=is_due
        )


async def _choose_mail(person_id: int, level: str) -> None:
    """Begin with the level chosen at the door; the settings page has the fine grain."""
    if level == "none":
        await preferences.mute_mail(person_id)
        await change_times(await Person.get(id=person_id), digest=NEVER)
    elif level == "all":
        await preferences.choose(person_id, {name: set(preferences.CHANNELS) for name in kinds})
    else:  # as the company has it, but chosen: the first steps need not ask again
        await change_times(await Person.get(id=person_id), digest="")


def _typed_address(text: str) -> str:
    try:
        return mail_address(text)
    except ValueError as error:
        raise Invalid(_("Please check the marked fields."), {"email": str(error)}) from None


def _require_fitting(invitation: Invitation, address: str) -> None:
    if not rules.address_fits(invitation, address):
        raise Invalid(
            _("Please check the marked fields."),
            {"email": _("Use an address that ends in @%(domain)s.", domain=invitation.domain)},
        )
