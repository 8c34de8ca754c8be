"""What pins keep of a person, in their export and erasure."""

from collections.abc import Mapping
from typing import Any

from .models import Pin


async def export(person_id: int) -> Mapping[str, Any]:
    return {"pins": await Pin.filter(pinned_by_id=person_id).values("post_id", "ends_at")}


async def erase(person_id: int) -> None:
    """The pin serves the space and stays; who put it there is forgotten."""
    await Pin.filter(pinned_by_id=person_id).update(pinned_by_id=None)
