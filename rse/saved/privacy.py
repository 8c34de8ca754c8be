"""The searches a person keeps, in their export and erasure."""

from collections.abc import Mapping
from typing import Any

from .models import SavedSearch


async def export(person_id: int) -> Mapping[str, Any]:
    return {
        "saved_searches": await SavedSearch.filter(person_id=person_id).values(
            "name", "address", "alert"
        )
    }


async def erase(person_id: int) -> None:
    await SavedSearch.filter(person_id=person_id).delete()
