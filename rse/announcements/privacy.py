"""What announcements keep of a person, in their export and erasure."""

from collections.abc import Mapping
from typing import Any

from .models import Receipt


async def export(person_id: int) -> Mapping[str, Any]:
    return {
        "announcements": await Receipt.filter(person_id=person_id).values(
            "announcement__post_id", "round", "is_seen", "acknowledged_at"
        )
    }


async def erase(person_id: int) -> None:
    await Receipt.filter(person_id=person_id).delete()
