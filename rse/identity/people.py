"""Changes to people: made, met, renamed, switched off and on."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tortoise.expressions import F

from rse.config import settings
from rse.kernel import clock
from rse.kernel.db import transaction
from rse.kernel.errors import Conflict, NotFound
from rse.kernel.i18n import gettext as _
from rse.kernel.text import clean_line, clean_text, fold

from .community import community
from .events import PersonArrived, PersonChanged, PersonDeactivated, PersonReactivated
from .models import ACTIVE, ADMIN, DEACTIVATED, MEMBER, Account, Organisation, Person, Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What one learns of a person from outside: a directory, a partner, a form."""

    display_name: str
    title: str = ""
    email: str | None = None
    phone: str = ""
    mobile: str = ""
    site: str = ""
    pronouns: str = ""
    about: str = ""


async def our_organisation(name: str = "") -> Organisation:
    """The company that runs this instance; its row is made on first use."""
    found = await Organisation.get_or_none(is_ours=True)
    if found is None:
        found = await Organisation.create(
            name=name or settings().host, host=settings().host, is_ours=True
        )
    elif name and found.name != name:
        found.name = name
        await found.save(update_fields=["name"])
    return found


async def ensure_local(
    login: str,
    card: Card,
    *,
    source: str = "local",
    role: str = MEMBER,
    password_hash: str | None = None,
) -> Account:
    """A person of ours with an account; the account that exists already if it has this login."""
    login = login_key(login)
    account = await Account.get_or_none(login=login).select_related("person")
    if account is not None:
        return account
    async with transaction() as change:
        ours, live = await our_organisation(), await community()
        person = await Person.create(
            organisation=ours,
            handle=await free_handle(ours.id, login.partition("@")[0]),
            language=live.language,
            timezone=live.timezone,
            **_columns(card),
        )
        account = await Account.create(
            person=person, login=login, source=source, role=role, password_hash=password_hash,
            terms_due=bool(live.terms),
        )  # fmt: skip
        change.record(PersonArrived(person.id))
    return account


async def ensure_remote(organisation_id: int, uri: str, handle: str, card: Card) -> Person:
    """A partner's person, made or brought up to date. The organisation is the verified one."""
    person = await Person.get_or_none(uri=uri)
    if person is None:
        async with transaction() as change:
            person = await Person.create(
                organisation_id=organisation_id,
                uri=uri,
                handle=await free_handle(organisation_id, handle),
                **_columns(card),
            )
            change.record(PersonChanged(person.id))
        return person
    if person.organisation_id != organisation_id:
        raise NotFound(_("This person is not known here."))
    await change_card(person, card)
    return person


async def change_card(person: Person, card: Card) -> bool:
    """Bring what is shown of a person up to date; True when something changed."""
    new = {name: value for name, value in _columns(card).items() if getattr(person, name) != value}
    if not new:
        return False
    async with transaction() as change:
        await Person.filter(id=person.id).update(**new)
        change.record(PersonChanged(person.id))
    person.update_from_dict(new)
    return True


def card_of(person: Person) -> Card:
    """What is shown of a person now, to change some of it by `replace`."""
    return Card(
        display_name=person.display_name, title=person.title, email=person.email,
        phone=person.phone, mobile=person.mobile, site=person.site, pronouns=person.pronouns,
        about=person.about,
    )  # fmt: skip


async def keep_details(person_id: int, values: Mapping[str, str]) -> None:
    """Change some of a person's own fields, by key; an empty value forgets the field."""
    async with transaction() as change:
        # Locked: a directory and the person may write different fields at the same moment.
        person = await Person.filter(id=person_id).select_for_update().get()
        merged = {k: v for k, v in {**person.details, **values}.items() if v}
        if merged != person.details:
            await Person.filter(id=person_id).update(details=merged)
            change.record(PersonChanged(person_id))


async def replace_details(person: Person, values: Mapping[str, str]) -> None:
    """What a partner tells of one of their people is all there is to tell."""
    if person.details != values:
        async with transaction() as change:
            await Person.filter(id=person.id).update(details=dict(values))
            change.record(PersonChanged(person.id))
        person.details = dict(values)


async def set_manager(person_id: int, manager_id: int | None) -> None:
    """Say who somebody reports to; whoever says so has looked whether it makes a circle."""
    async with transaction() as change:
        person = await Person.get(id=person_id)
        if person.manager_id != manager_id:
            await Person.filter(id=person_id).update(manager_id=manager_id)
            change.record(PersonChanged(person_id))


async def deactivate(person_id: int, source: str) -> bool:
    """Switch a person off and end their sessions at once. False when they were off already."""
    async with transaction() as change:
        changed = await Person.filter(id=person_id, status=ACTIVE).update(
            status=DEACTIVATED, status_source=source, deactivated_at=clock.now()
        )
        await Session.filter(account__person_id=person_id).delete()
        await Account.filter(person_id=person_id).update(epoch=F("epoch") + 1)
        if changed:
            change.record(PersonDeactivated(person_id))
    return bool(changed)


async def reactivate(person_id: int, source: str) -> bool:
    """Switch a person on again; False unless the same source had switched them off."""
    async with transaction() as change:
        changed = await Person.filter(
            id=person_id, status=DEACTIVATED, status_source=source
        ).update(status=ACTIVE, status_source="", deactivated_at=None)
        if changed:
            change.record(PersonReactivated(person_id))
    return bool(changed)


async def set_role(person_id: int, role: str) -> None:
    """Give or take the administrator's role; Conflict rather than leave nobody with it."""
    if role not in {MEMBER, ADMIN}:
        raise ValueError(role)
    async with transaction() as change:
        if role == MEMBER:
            await require_other_admin(person_id)
        await Account.filter(person_id=person_id).update(role=role)
        change.record(PersonChanged(person_id))


async def require_other_admin(person_id: int) -> None:
    """Conflict for the last active administrator; inside the transaction of the change."""
    # Locked, so that two administrators cannot take the role from each other at the same moment.
    admins = await Account.filter(role=ADMIN).select_for_update()
    others = [admin.person_id for admin in admins if admin.person_id != person_id]
    if len(others) == len(admins):
        return
    if not await Person.exists(id__in=others, status=ACTIVE):
        raise Conflict(_("This is the last administrator. Make somebody else one first."))


def login_key(login: str) -> str:
    """Logins are compared without case and outer blanks."""
    return clean_line(login, 120).casefold()


async def free_handle(organisation_id: int, wish: str) -> str:
    """A handle nobody of the organisation has: the wish, or the wish with a number."""
    stem = re.sub(r"[^a-z0-9._-]+", ".", fold(wish)).strip("._-")[:50] or "person"
    handle, number = stem, 1
    while await Person.exists(organisation_id=organisation_id, handle=handle):
        number += 1
        handle = f"{stem}{number}"
    return handle


def _columns(card: Card) -> dict[str, Any]:
    name = clean_line(card.display_name, 120) or "?"
    return {
        "display_name": name,
        "search_name": fold(f"{name} {clean_line(card.title, 160)}")[:250],
        "title": clean_line(card.title, 160),
        "email": clean_line(card.email, 254).casefold() if card.email else None,
        "phone": clean_line(card.phone, 60),
        "mobile": clean_line(card.mobile, 60),
        "site": clean_line(card.site, 120),
        "pronouns": clean_line(card.pronouns, 40),
        "about": clean_text(card.about)[:4000],
    }
