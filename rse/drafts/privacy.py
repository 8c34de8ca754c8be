"""A person's drafts, in their export and erasure."""

from collections.abc import Mapping
from typing import Any

from .models import SavedDraft


async def export(person_id: int) -> Mapping[str, Any]:
    return {
        "drafts": await SavedDraft.filter(person_id=person_id).values("title", "source", "saved_at")
    }


async def erase(person_id: int) -> None:
    await SavedDraft.filter(person_id=person_id).delete()
