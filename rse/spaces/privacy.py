"""Memberships in a person's export and erasure."""

from collections.abc import Mapping
from typing import Any

from .models import Membership, SpaceTemplate


async def export(person_id: int) -> Mapping[str, Any]:
    return {
        "memberships": await Membership.filter(person_id=person_id).values(
            "space__name", "role", "status", "since", "message", "answers", "source_group"
        ),
        "space_templates": await SpaceTemplate.filter(creator_id=person_id).values(
            "name", "summary"
        ),
    }


async def erase(person_id: int) -> None:
    await Membership.filter(person_id=person_id).delete()
    # A template belongs to the company; who made it is forgotten.
    await SpaceTemplate.filter(creator_id=person_id).update(creator_id=None)
