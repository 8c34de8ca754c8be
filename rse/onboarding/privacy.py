"""Whether somebody skipped the first steps, in their export and erasure."""

from collections.abc import Mapping
from typing import Any

from .models import StepsSkipped


async def export(person_id: int) -> Mapping[str, Any]:
    return {"first_steps": {"skipped": await StepsSkipped.exists(person_id=person_id)}}


async def erase(person_id: int) -> None:
    await StepsSkipped.filter(person_id=person_id).delete()
