"""A brand holds nothing about a person."""

from collections.abc import Mapping
from typing import Any


async def export(person_id: int) -> Mapping[str, Any]:
    return {}


async def erase(person_id: int) -> None:
    """Nothing to remove."""
