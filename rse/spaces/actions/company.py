"""The one space of everybody."""

from tortoise.exceptions import IntegrityError

from rse.identity.people import our_organisation
from rse.kernel.db import transaction
from rse.kernel.text import fold
from rse.spaces.events import SpaceCreated
from rse.spaces.models import Space

COMPANY_SPACE_ID = 1


async def ensure_company_space() -> Space:
    """The space of everybody; made on first use, named after the company."""
    found = await Space.get_or_none(is_company=True)
    if found is not None:
        return found
    ours = await our_organisation()
    try:
        async with transaction() as change:
            # Its id is always the same, so that two who come first at once make one space.
            change.record(SpaceCreated(COMPANY_SPACE_ID))
            return await Space.create(
                id=COMPANY_SPACE_ID,
                organisation=ours,
                name=ours.name,
                search_name=fold(ours.name),
                is_company=True,
            )
    except IntegrityError:
        return await Space.get(id=COMPANY_SPACE_ID)
