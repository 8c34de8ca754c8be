"""Roles, access, links and sessions of members."""

from rse.admin import rules
from rse.config import settings
from rse.identity import links, people, sessions
from rse.identity.models import ADMIN, Account, Person
from rse.identity.people import Card
from rse.kernel.db import transaction
from rse.kernel.errors import Conflict, NotAllowed
from rse.kernel.i18n import gettext as _

from .audit import note


async def change_role(actor: Account, account: Account, role: str) -> None:
    """Make somebody an administrator, or a member again; the last administrator stays one."""
    if account.role == role:
        return
    if role == ADMIN and not account.person.is_active:
        raise Conflict(_("This account is switched off. Switch it on first."))
    async with transaction():
        await people.set_role(account.person_id, role)
        await note(actor, f"role.{role}", person_id=account.person_id)


async def disable(actor: Account, account: Account, reason: str) -> None:
    """Switch somebody off: their sessions, links and reply addresses end in the same moment."""
    if not rules.may_disable(actor.person, account.person):
        raise NotAllowed(_("You cannot switch yourself off. Ask another administrator."))
    async with transaction():
        if account.is_admin:
            await people.require_other_admin(account.person_id)
        if await people.deactivate(account.person_id, rules.BY_ADMIN):
            await note(actor, "access.off", person_id=account.person_id, reason=reason)


async def enable(actor: Account, account: Account, reason: str) -> None:
    """Switch somebody on again."""
    if not account.person.is_active and not rules.may_enable(account.person):
        name = rules.directory_of(account.person.status_source)
        raise Conflict(
            _("The directory %(name)s switched this person off. Switch them on there.", name=name)
        )
    async with transaction():
        if await people.reactivate(account.person_id, rules.BY_ADMIN):
            await note(actor, "access.on", person_id=account.person_id, reason=reason)


async def make_password_link(actor: Account, account: Account) -> str:
    """The address of a page where somebody chooses a new password, once, within two hours."""
    if not rules.may_get_link(account):
        raise NotAllowed(_("This person's password is not kept here."))
    async with transaction():
        token = await links.make_link(links.RESET, account.id)
        await note(actor, "link.made", person_id=account.person_id)
    return f"{settings().origin}/reset/{token}"


async def end_sessions(actor: Account, account: Account) -> int:
    """Sign somebody out everywhere. How many browsers it was."""
    async with transaction():
        ended = await sessions.end_sessions(account.id)
        await note(actor, "sessions.ended", person_id=account.person_id)
    return ended


async def change_mail(actor: Account, account: Account, address: str) -> None:
    """Change the address that mail goes to and comes from."""
    person = account.person
    if "email" in person.locked_fields:
        raise Conflict(
            _("The directory %(name)s keeps this address.", name=person.locked_fields["email"])
        )
    if await Person.filter(email=address, uri=None).exclude(id=person.id).exists():
        raise Conflict(_("Somebody else has this address."))
    async with transaction():
        card = Card(
            display_name=person.display_name,
            title=person.title,
            email=address,
            phone=person.phone,
            about=person.about,
        )
        if await people.change_card(person, card):
            await note(actor, "mail.changed", person_id=person.id)
