"""What follows keep of a person, in their export and erasure."""

from collections.abc import Mapping
from typing import Any

from tortoise.expressions import Q

from .models import Follow


async def export(person_id: int) -> Mapping[str, Any]:
    return {
        "following": await Follow.filter(follower_id=person_id).values(
            "followed_id", "followed__display_name"
        )
    }


async def erase(person_id: int) -> None:
    await Follow.filter(Q(follower_id=person_id) | Q(followed_id=person_id)).delete()
