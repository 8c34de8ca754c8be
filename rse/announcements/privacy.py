"""What announcements keep of a person, in their export and erasure."""

from collections.abc import Mapping
from typing import Any

from .models import Exclusion, Receipt


async def export(person_id: int) -> Mapping[str, Any]:
    return {
        "announcements": await Receipt.filter(person_id=person_id).values(
            "announcement__post_id", "round", "is_seen", "acknowledged_at"
        ),
        "not_asked_by": await Exclusion.filter(person_id=person_id).values("announcement__post_id"),
    }


async def erase(person_id: int) -> None:
    await Receipt.filter(person_id=person_id).delete()
    await Exclusion.filter(person_id=person_id).delete()
