"""Profiles in a person's export and erasure: identity keeps them, this feature adds no table."""

from collections.abc import Mapping


async def export(person_id: int) -> Mapping[str, object]:
    return {}


async def erase(person_id: int) -> None:
    return None
