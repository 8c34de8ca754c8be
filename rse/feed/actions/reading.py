"""How a person likes to read the feed."""

from rse.feed.models import HomeVisit
from rse.identity.models import Person
from rse.kernel.db import transaction


async def remember(person: Person, view: str, sort: str) -> None:
    """Keep the view and order they chose, for the next time they come."""
    async with transaction():
        visit, _made = await HomeVisit.get_or_create(person=person)
        await HomeVisit.filter(id=visit.id).update(view=view, sort=sort)
