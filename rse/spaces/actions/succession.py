"""A space keeps an owner when its last one leaves the company."""

from rse.identity.models import ACTIVE, Person
from rse.kernel.db import transaction
from rse.kernel.errors import NotAllowed
from rse.kernel.i18n import gettext as _
from rse.spaces import queries, templates
from rse.spaces.events import OwnershipPassed, SpaceOrphaned
from rse.spaces.models import JOINED, MODERATOR, OWNER, Membership, Space

from .members import admit, owners_held


async def hand_over(person_id: int) -> None:
    """Find an owner for each space that had nobody else. Repeatable."""
    owned = Membership.filter(person_id=person_id, role=OWNER, status=JOINED)
    for membership in await owned:
        async with transaction() as change:
            if await owners_held(membership.space_id):
                continue
            heir = await _heir(membership.space_id)
            if heir is None:
                change.record(SpaceOrphaned(membership.space_id, person_id))
                continue
            await Membership.filter(id=heir.id).update(role=OWNER)
            change.record(OwnershipPassed(membership.space_id, person_id, heir.person_id))


async def _heir(space_id: int) -> Membership | None:
    """The moderator who has been here longest; where there is none, the member who has."""
    candidates = Membership.filter(
        space_id=space_id, status=JOINED, person__status=ACTIVE, person__uri=None
    ).order_by("since", "id")
    moderator = await candidates.filter(role=MODERATOR).first()
    # Whoever only reads along did not ask for an office.
    return moderator or await candidates.filter(role="member").first()


async def adopt(admin: Person, space_id: int) -> None:
    """An administrator takes over a space that nobody owns any more."""
    if not await templates.is_admin(admin):
        raise NotAllowed(_("Only administrators can do this."))
    async with transaction():
        space = await Space.get_or_none(id=space_id, is_company=False, is_closed=False)
        if space is None or await owners_held(space_id):
            raise NotAllowed(_("This space has an owner. Ask that person."))
        await admit(space_id, admin.id, OWNER)
        await Membership.filter(space_id=space_id, person_id=admin.id).update(role=OWNER)


async def ownerless(admin: Person) -> list[Space]:
    """For administrators: the spaces nobody can manage. Only these, secret ones too."""
    if not await templates.is_admin(admin):
        raise NotAllowed(_("Only administrators can do this."))
    return await queries.without_owner()
