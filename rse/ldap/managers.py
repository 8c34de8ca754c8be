"""Who reports to whom, once all of a run's people are known: a manager is named by their DN."""

from typing import NamedTuple

from rse.identity.people import set_manager
from rse.kernel.db import transaction
from rse.ldap import names
from rse.ldap.directory import Directory
from rse.ldap.models import DirectoryIdentity

BATCH = 25  # as short as the transactions of a run


class _Known(NamedTuple):
    """An identity with an account, and who its person reports to today."""

    person_id: int
    dn: str
    extra: dict[str, str]
    manager_id: int | None


async def settle(directory: Directory) -> int:
    """Bring every manager to what the directory says; how many changed.

    Resolved through our own index of DNs, never by parsing one: a manager outside of the bases is
    nobody here. A circle is kept as the directory has it, and whoever draws it draws it once.
    """
    known = await _known(directory)
    by_dn = {names.key(one.dn): one.person_id for one in known}
    wanted = {
        one.person_id: manager
        for one in known
        if one.extra.get("manager") and (manager := _manager(one, by_dn)) != one.manager_id
    }
    pairs = list(wanted.items())
    for start in range(0, len(pairs), BATCH):
        async with transaction():
            for person_id, manager_id in pairs[start : start + BATCH]:
                await set_manager(person_id, manager_id)
    return len(pairs)


async def _known(directory: Directory) -> list[_Known]:
    found = await DirectoryIdentity.filter(
        directory=directory.name, person_id__isnull=False
    ).values_list("person_id", "dn", "extra", "person__manager_id")
    return [_Known(*one) for one in found]


def _manager(one: _Known, by_dn: dict[str, int]) -> int | None:
    found = by_dn.get(names.key(one.extra["manager"]))
    return found if found != one.person_id else None
