"""How far a person narrows their fields, in their export and erasure; identity has the values."""

from collections.abc import Mapping
from typing import Any

from .models import FieldAudience


async def export(person_id: int) -> Mapping[str, Any]:
    return {
        "narrowed_fields": await FieldAudience.filter(person_id=person_id).values(
            "field__key", "audience", "space_id"
        )
    }


async def erase(person_id: int) -> None:
    await FieldAudience.filter(person_id=person_id).delete()
