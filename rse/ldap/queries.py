"""Reads of the directory tables: what a plan compares with, and what commands show."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from rse.identity.models import ACTIVE, ADMIN, Account
from rse.kernel.reads import rows
from rse.ldap import names
from rse.ldap.models import DirectoryChange, DirectoryIdentity, DirectoryPlace, DirectoryRun
from rse.ldap.plan import Holder, Index, Known, Status
from rse.ldap.values import login_key


class AccountRow(NamedTuple):
    """One account with what a plan needs of its person."""

    account_id: int
    person_id: int
    login: str
    email: str | None
    source: str
    role: str
    person_status: str
    status_source: str


_ACCOUNTS = """
SELECT a.id, a.person_id, a.login, p.email, a.source, a.role, p.status, p.status_source
FROM account a JOIN person p ON p.id = a.person_id
"""


async def index(directory: str, source: str) -> Index:
    """Everything known, for a whole run."""
    identities = await DirectoryIdentity.filter(directory=directory)
    found = await _index(identities, await rows(AccountRow, _ACCOUNTS), source)
    return replace(found, places=await _places(directory))


async def _places(directory: str) -> dict[str, frozenset[str]]:
    """By external id, the spaces in which groups of the directory keep somebody."""
    kept: dict[str, set[str]] = {}
    for row in await DirectoryPlace.filter(directory=directory):
        kept.setdefault(row.external_id, set()).add(row.space)
    return {one: frozenset(spaces) for one, spaces in kept.items()}


class Belonging(NamedTuple):
    """An active person of ours who belongs in a space, as its rule names it."""

    space: str
    group: str
    person_id: int


_BELONGING = """
SELECT l.space, l."group", i.person_id FROM directory_place l
JOIN directory_identity i ON i.directory = l.directory AND i.external_id = l.external_id
JOIN person p ON p.id = i.person_id
WHERE l.directory = ? AND p.status = 'active'
"""


async def belonging(directory: str) -> list[Belonging]:
    """Who belongs where, for the feature that keeps spaces."""
    return await rows(Belonging, _BELONGING, directory)


async def index_of(
    directory: str, source: str, external_id: str, logins: Collection[str], mail: str | None
) -> Index:
    """The part of the index that one person's sign-in touches."""
    identities = await DirectoryIdentity.filter(directory=directory, external_id=external_id)
    persons = [identity.person_id for identity in identities if identity.person_id]
    accounts = await Account.filter(login__in=list(logins)).values_list("person_id", flat=True)
    by_mail = (
        await Account.filter(person__email=mail.casefold()).values_list("person_id", flat=True)
        if mail
        else []
    )
    found: list[AccountRow] = []
    for person_id in {*persons, *accounts, *by_mail}:
        found += await rows(AccountRow, _ACCOUNTS + "WHERE a.person_id = ?", person_id)
    others = [row.person_id for row in found if row.person_id not in persons]
    identities += (
        await DirectoryIdentity.filter(directory=directory, person_id__in=others) if others else []
    )
    return await _index(identities, found, source)


async def _index(
    identities: Iterable[DirectoryIdentity], accounts: Iterable[AccountRow], source: str
) -> Index:
    by_person = {row.person_id: row for row in accounts}
    known = {
        one.external_id: _known(one, by_person.get(one.person_id or 0), source)
        for one in identities
    }
    owners = {one.person_id: one.external_id for one in known.values() if one.person_id}
    holders = {row: _holder(row, owners.get(row.person_id)) for row in by_person.values()}
    return Index(
        known=known,
        logins={login_key(row.login): holder for row, holder in holders.items()},
        mails={row.email.casefold(): holder for row, holder in holders.items() if row.email},
        admins=await Account.filter(role=ADMIN, person__status=ACTIVE).count(),
    )


def _holder(row: AccountRow, external_id: str | None) -> Holder:
    return Holder(row.account_id, row.source == "local", row.role == ADMIN, external_id)


def _known(one: DirectoryIdentity, account: AccountRow | None, source: str) -> Known:
    return Known(
        external_id=one.external_id,
        dn=one.dn,
        dn_key=names.key(one.dn),
        login=one.login,
        display_name=one.display_name,
        mail=one.mail,
        title=one.title,
        extra=one.extra,
        digest=one.digest,
        status=Status(one.status),
        reason=one.reason,
        account_id=account.account_id if account else None,
        person_id=account.person_id if account else None,
        missing_since=one.missing_since,
        missing_runs=one.missing_runs,
        primary_group=one.primary_group,
        is_admin=account is not None and account.role == ADMIN,
        admin_by_rule=one.admin_by_rule,
        is_blocked_here=account is not None
        and account.person_status != ACTIVE
        and account.status_source != source,
    )


async def runs(directory: str, limit: int = 10) -> list[DirectoryRun]:
    """The newest runs, first sign-ins left out."""
    return (
        await DirectoryRun.filter(directory=directory)
        .exclude(trigger="sign-in")
        .order_by("-id")
        .limit(limit)
    )


async def last_whole_run(directory: str) -> datetime | None:
    found = (
        await DirectoryRun.filter(directory=directory, state="done", complete=True)
        .order_by("-id")
        .first()
    )
    return found.ended_at if found else None


async def changes_of(external_id: str, limit: int = 10) -> list[DirectoryChange]:
    """What runs did to one person, newest first."""
    return await DirectoryChange.filter(external_id=external_id).order_by("-id").limit(limit)


async def conflicts(directory: str) -> list[DirectoryIdentity]:
    return (
        await DirectoryIdentity.filter(directory=directory, status=Status.CONFLICT)
        .order_by("dn")
        .limit(200)
    )


async def status_counts(directory: str) -> dict[str, int]:
    """How many people stand where."""
    counts: dict[str, int] = {}
    for status in await DirectoryIdentity.filter(directory=directory).values_list(
        "status", flat=True
    ):
        counts[str(status)] = counts.get(str(status), 0) + 1
    return dict(sorted(counts.items()))
