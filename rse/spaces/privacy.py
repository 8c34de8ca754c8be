"""Memberships in a person's export and erasure."""

from collections.abc import Mapping
from typing import Any

from .models import Membership


async def export(person_id: int) -> Mapping[str, Any]:
    return {
        "memberships": await Membership.filter(person_id=person_id).values(
            "space__name", "role", "status", "since"
        )
    }


async def erase(person_id: int) -> None:
    await Membership.filter(person_id=person_id).delete()
