"""What a person has scheduled, in their export and erasure."""

from collections.abc import Mapping
from typing import Any

from .models import ScheduledPost


async def export(person_id: int) -> Mapping[str, Any]:
    return {
        "scheduled": await ScheduledPost.filter(author_id=person_id).values(
            "space__name", "title", "source", "send_at"
        )
    }


async def erase(person_id: int) -> None:
    await ScheduledPost.filter(author_id=person_id).delete()
