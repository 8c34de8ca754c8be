"""Memberships that a directory keeps: it gives and takes only those it made."""

from rse.identity.models import Person
from rse.kernel.db import transaction
from rse.spaces.models import JOINED, OWNER, Membership, Space

from .members import admit, dismiss


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
