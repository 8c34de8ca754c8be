"""The finder keeps nothing: neither who asked nor what for."""

from collections.abc import Mapping
from typing import Any


async def export(person_id: int) -> Mapping[str, Any]:
    return {}


async def erase(person_id: int) -> None:
    return None
