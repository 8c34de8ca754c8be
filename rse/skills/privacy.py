"""What skills keep of a person, in their export and erasure."""

from collections.abc import Mapping
from typing import Any

from .models import Endorsement, PersonSkill


async def export(person_id: int) -> Mapping[str, Any]:
    return {
        "skills": await PersonSkill.filter(person_id=person_id).values("skill__name"),
        "confirmed": await Endorsement.filter(endorser_id=person_id).values(
            "held__person__display_name", "held__skill__name"
        ),
    }


async def erase(person_id: int) -> None:
    await Endorsement.filter(endorser_id=person_id).delete()
    await PersonSkill.filter(person_id=person_id).delete()
