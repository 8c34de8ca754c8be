"""Applies the stored steps of a plan in transactions, each step once."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from tortoise.queryset import QuerySet

from rse.identity import directory as adoption
from rse.identity import people
from rse.identity.models import ADMIN, MEMBER, Account, Person
from rse.identity.people import Card
from rse.kernel import clock
from rse.kernel.db import transaction
from rse.kernel.errors import Conflict
from rse.ldap import lease
from rse.ldap.directory import Directory
from rse.ldap.mapping import EXTRAS, OWN
from rse.ldap.models import DirectoryChange, DirectoryIdentity, DirectoryPlace, DirectoryRun
from rse.ldap.plan import Kind, Status

log = logging.getLogger(__name__)

BATCH = 25  # on SQLite nobody else reads while a transaction is open
LOCKED = ("display_name", "email", "title")
CARD = ("phone", "mobile", "site")
_COLUMNS = (
    "dn",
    "login",
    "display_name",
    "mail",
    "title",
    "primary_group",
    "digest",
    "status",
    "missing_runs",
)


class Refused(Exception):
    """A step that the present state no longer allows; the others go on."""


async def apply(directory: Directory, run: DirectoryRun, *, leased: bool = True) -> int:
    """Apply what is left of a run's plan, whichever process began it; how many steps."""
    batch = await _waiting(run).filter(kind=Kind.RENAME) or await _waiting(run).limit(BATCH)
    done = 0
    while batch:
        async with transaction():
            if leased:  # only the holder of the directory can commit
                await lease.renew(directory.name)
            await _together(directory, batch)
        done += len(batch)
        batch = await _waiting(run).limit(BATCH)
    return done


def _waiting(run: DirectoryRun) -> QuerySet[DirectoryChange]:
    return DirectoryChange.filter(run_id=run.id, applied_at=None, error="").order_by("seq")


async def _together(directory: Directory, steps: Sequence[DirectoryChange]) -> None:
    """The steps and their marks stand or fall together."""
    await _rename([step for step in steps if step.kind == Kind.RENAME])
    for step in steps:
        await _one(directory, step)


async def _one(directory: Directory, step: DirectoryChange) -> None:
    try:
        if not step.error:
            await _STEPS[Kind(step.kind)](directory, step)
    except (Refused, Conflict) as refusal:
        step.error = str(refusal)
        log.warning(
            "a step of a directory run was refused",
            extra={"directory": directory.name, "kind": step.kind},
        )
    step.applied_at = clock.now()
    await step.save(update_fields=["applied_at", "error"])


async def _rename(steps: Sequence[DirectoryChange]) -> None:
    """Change all logins of a run at once, so that two people may swap theirs."""
    wanted: dict[int, str] = {}
    accounts = {step.id: await _account_of(step) for step in steps}
    ours = [account.id for account in accounts.values() if account]
    for step in steps:
        account, login = accounts[step.id], people.login_key(str(step.after["login"]))
        if account is None:
            step.error = "the account is gone"
        elif await Account.filter(login=login).exclude(id__in=ours).exists():
            step.error = "the login was taken meanwhile"
        else:
            wanted[account.id] = login
    await adoption.change_logins(wanted)


async def _account_of(step: DirectoryChange) -> Account | None:
    run = await DirectoryRun.get(id=step.run_id)
    identity = await DirectoryIdentity.get_or_none(
        directory=run.directory, external_id=step.external_id
    )
    return (
        await Account.get_or_none(person_id=identity.person_id)
        if identity and identity.person_id
        else None
    )


async def _create(directory: Directory, step: DirectoryChange) -> None:
    after = step.after
    if await Account.exists(login=people.login_key(str(after["login"]))):
        raise Refused("the login was taken meanwhile")
    account = await people.ensure_local(str(after["login"]), _card(after), source=directory.source)
    await _join(directory, step, account.person_id)


async def _link(directory: Directory, step: DirectoryChange) -> None:
    account = await Account.get_or_none(id=step.after["account_id"])
    if account is None or account.source != "local" or account.role == ADMIN:
        raise Refused("the account to link has changed meanwhile")
    await adoption.change_logins({account.id: str(step.after["login"])})
    await _join(directory, step, account.person_id)


async def _join(directory: Directory, step: DirectoryChange, person_id: int) -> None:
    identity = await _store(directory, step, person_id=person_id)
    fields = _locked(identity)
    await adoption.adopt(person_id, directory.source, directory.settings.label, fields)
    await _show(directory, identity, step)


async def _update(directory: Directory, step: DirectoryChange) -> None:
    identity = await _store(directory, step)
    if identity.person_id:
        await _show(directory, identity, step)


async def _enable(directory: Directory, step: DirectoryChange) -> None:
    identity = await _store(directory, step)
    if identity.person_id:
        await people.reactivate(identity.person_id, directory.source)


async def _end(directory: Directory, step: DirectoryChange) -> None:
    """Disabled or removed: switched off, and every session ends in this same transaction."""
    identity = await _store(directory, step)
    if identity.person_id:
        await people.deactivate(identity.person_id, directory.source)


async def _note(directory: Directory, step: DirectoryChange) -> None:
    """Conflict, missing, out of scope: written down, nobody's access changes yet."""
    await _store(directory, step)


async def _grant(directory: Directory, step: DirectoryChange) -> None:
    await _set_role(directory, step, ADMIN)


async def _revoke(directory: Directory, step: DirectoryChange) -> None:
    await _set_role(directory, step, MEMBER)


async def _set_role(directory: Directory, step: DirectoryChange, role: str) -> None:
    identity = await DirectoryIdentity.get_or_none(
        directory=directory.name, external_id=step.external_id
    )
    if identity is None or not identity.person_id:
        raise Refused("there is no account to give a role to")
    await people.set_role(identity.person_id, role)
    identity.admin_by_rule = role == ADMIN
    await identity.save(update_fields=["admin_by_rule"])


async def _enter(directory: Directory, step: DirectoryChange) -> None:
    await DirectoryPlace.update_or_create(
        {"group": str(step.after["group"])[:200]},
        directory=directory.name,
        external_id=step.external_id,
        space=step.after["space"],
    )


async def _leave(directory: Directory, step: DirectoryChange) -> None:
    await DirectoryPlace.filter(
        directory=directory.name, external_id=step.external_id, space=step.after["space"]
    ).delete()


_STEPS: Mapping[Kind, Callable[[Directory, DirectoryChange], Awaitable[None]]] = {
    Kind.RENAME: _update,
    Kind.CREATE: _create,
    Kind.LINK: _link,
    Kind.UPDATE: _update,
    Kind.ENABLE: _enable,
    Kind.GRANT: _grant,
    Kind.ENTER: _enter,
    Kind.CONFLICT: _note,
    Kind.MISSING: _note,
    Kind.OUT_OF_SCOPE: _note,
    Kind.DISABLE: _end,
    Kind.REMOVE: _end,
    Kind.REVOKE: _revoke,
    Kind.LEAVE: _leave,
}


async def _store(
    directory: Directory, step: DirectoryChange, *, person_id: int | None = None
) -> DirectoryIdentity:
    """Bring the identity's row to what the step says."""
    values: dict[str, Any] = {name: step.after[name] for name in _COLUMNS if name in step.after}
    if "status" in values:
        values["reason"] = step.reason
    if "missing_since" in step.after:
        since = step.after["missing_since"]
        values["missing_since"] = datetime.fromisoformat(since) if since else None
    elif values.get("status") == Status.ACTIVE:
        values |= {"missing_since": None, "missing_runs": 0}
    if person_id is not None:
        values["person_id"] = person_id
    beside = {name: text for name, text in step.after.items() if _is_extra(name)}
    if beside:
        before = await DirectoryIdentity.get_or_none(
            directory=directory.name, external_id=step.external_id
        )
        merged = {**(before.extra if before else {}), **beside}
        values["extra"] = {name: text for name, text in merged.items() if text}
    identity, _ = await DirectoryIdentity.update_or_create(
        values, directory=directory.name, external_id=step.external_id
    )
    return identity


async def _show(directory: Directory, identity: DirectoryIdentity, step: DirectoryChange) -> None:
    """What everybody sees of the person; what the directory does not keep stays their own."""
    person = await Person.get(id=identity.person_id)
    kept = dict(identity.extra)
    emptied = {name: "" for name, text in step.after.items() if _is_extra(name) and not text}
    told = {**emptied, **kept}
    card = replace(
        people.card_of(person),
        display_name=identity.display_name,
        title=identity.title,
        email=identity.mail,
        **{name: told[name] for name in CARD if name in told},
    )
    await people.change_card(person, card)
    own = {name.removeprefix(OWN): told[name] for name in told if name.startswith(OWN)}
    if own:
        await people.keep_details(person.id, own)
    if "manager" in emptied:
        await people.set_manager(person.id, None)
    await adoption.lock(person.id, directory.settings.label, _locked(identity))


def _locked(identity: DirectoryIdentity) -> list[str]:
    """What the directory keeps of this person: a field it is silent about stays their own."""
    return [*LOCKED, *identity.extra]


def _is_extra(name: str) -> bool:
    return name in EXTRAS or name.startswith(OWN)


def _card(facts: Mapping[str, Any]) -> Card:
    return Card(
        display_name=str(facts["display_name"]),
        title=str(facts["title"] or ""),
        email=str(facts["mail"]) if facts["mail"] else None,
    )
