"""What a directory may change about our people: login, origin, and the fields it keeps."""

from collections.abc import Mapping, Sequence

from rse.kernel.db import transaction
from rse.kernel.ids import new_id

from .events import PersonChanged
from .models import Account, Person
from .people import login_key


async def change_logins(wanted: Mapping[int, str]) -> None:
    """Give accounts, by id, other logins at once; two may swap theirs.

    The handle stays: mentions keep working.
    """
    async with transaction() as change:
        for account_id in wanted:  # every name is freed before one is taken
            await Account.filter(id=account_id).update(login=f"~{new_id()}")
        for account_id, login in wanted.items():
            await Account.filter(id=account_id).update(login=login_key(login))
            account = await Account.get(id=account_id)
            change.record(PersonChanged(account.person_id))


async def adopt(person_id: int, source: str, label: str, fields: Sequence[str]) -> None:
    """Let a directory vouch for a person: it checks the password and keeps these fields."""
    async with transaction() as change:
        await Account.filter(person_id=person_id).update(source=source, password_hash=None)
        await Person.filter(id=person_id).update(locked_fields=dict.fromkeys(fields, label))
        change.record(PersonChanged(person_id))


async def lock(person_id: int, label: str, fields: Sequence[str]) -> None:
    """Which fields a directory keeps from now on; those it let go are the person's again."""
    wanted = dict.fromkeys(fields, label)
    async with transaction() as change:
        person = await Person.get(id=person_id)
        if person.locked_fields != wanted:
            await Person.filter(id=person_id).update(locked_fields=wanted)
            change.record(PersonChanged(person_id))
