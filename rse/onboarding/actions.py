"""Changes to the first steps: there is one, to be rid of them."""

from rse.identity.models import Person
from rse.kernel.db import transaction

from .models import StepsSkipped


async def skip(person: Person) -> None:
    """Do not show them any more; twice is once."""
    async with transaction():
        await StepsSkipped.bulk_create([StepsSkipped(person_id=person.id)], ignore_conflicts=True)
