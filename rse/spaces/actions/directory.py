"""Memberships that a directory keeps: it gives and takes only those it made."""

import logging
from collections.abc import Sequence

from rse.identity.models import ACTIVE, Person
from rse.kernel.db import transaction
from rse.ldap.queries import Belonging
from rse.spaces import queries
from rse.spaces.models import JOINED, OWNER, Membership, Space

from .members import admit, dismiss

log = logging.getLogger(__name__)


async def reconcile(source: str, belonging: Sequence[Belonging]) -> None:
    """Bring the memberships a directory keeps to what its groups say. Repeatable."""
    wanted = await _wanted(source, belonging)
    inside = Membership.filter(
        status=JOINED, space_id__in={space_id for space_id, _person in wanted}
    )
    here = set(await inside.values_list("space_id", "person_id"))
    for (space_id, person_id), group in wanted.items():
        if (space_id, person_id) not in here:
            await keep(space_id, person_id, source, group)
    kept = Membership.filter(source=source, status=JOINED, person__status=ACTIVE)
    for space_id, person_id in await kept.values_list("space_id", "person_id"):
        if (space_id, person_id) not in wanted:
            await let_go(space_id, person_id, source)


async def _wanted(source: str, belonging: Sequence[Belonging]) -> dict[tuple[int, int], str]:
    """The group by space and person, for the spaces that the rules name and that are there."""
    spaces = {name: await queries.named(name) for name in {row.space for row in belonging}}
    for name, space in spaces.items():
        if space is None:
            log.warning("a directory rule names no space", extra={"source": source, "rule": name})
    wanted: dict[tuple[int, int], str] = {}
    for row in belonging:
        if space := spaces[row.space]:
            wanted.setdefault((space.id, row.person_id), row.group)
    return wanted


async def keep(space_id: int, person_id: int, source: str, group: str) -> None:
    """Bring somebody of a group in. Who was a member by hand stays one by hand."""
    person = await Person.get(id=person_id)
    space = await Space.get_or_none(id=space_id, uri=None, is_company=False)
    if space is None or not person.is_active or not person.is_local:
        return
    async with transaction():
        if await admit(space_id, person_id):
            await Membership.filter(space_id=space_id, person_id=person_id).update(
                source=source, source_group=group[:200]
            )


async def let_go(space_id: int, person_id: int, source: str) -> None:
    """Somebody left the group: out, unless people here made them an owner of the space."""
    kept = await Membership.get_or_none(
        space_id=space_id, person_id=person_id, source=source, status=JOINED
    )
    if kept is None:
        return
    if kept.role == OWNER:
        # An office given here is taken here: the membership goes on by hand.
        await Membership.filter(id=kept.id).update(source="", source_group="")
    else:
        await dismiss(space_id, person_id)
