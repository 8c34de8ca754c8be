"""What this feature keeps of a person, in their export and erasure; identity keeps the card."""

from collections.abc import Mapping
from typing import Any

from .models import SpokenLanguage


async def export(person_id: int) -> Mapping[str, Any]:
    return {"languages": await SpokenLanguage.filter(person_id=person_id).values("code")}


async def erase(person_id: int) -> None:
    await SpokenLanguage.filter(person_id=person_id).delete()
