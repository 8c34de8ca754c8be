"""Notices in a person's own export and erasure."""

from collections.abc import Mapping
from typing import Any

from .models import NoticeChoice, NoticeMute, Notification, PushSubscription


async def export(person_id: int) -> Mapping[str, Any]:
    return {
        "notices": await Notification.filter(person_id=person_id)
        .order_by("id")
        .values("kind", "actor_id", "object_id", "space_id", "read_at"),
        "choices": await NoticeChoice.filter(person_id=person_id).values(
            "kind", "channel", "wanted"
        ),
        "muted": await NoticeMute.filter(person_id=person_id).values("object_id", "channel"),
        "devices": await PushSubscription.filter(person_id=person_id).values(
            "endpoint", "browser", "created_at", "failures"
        ),
    }


async def erase(person_id: int) -> None:
    """Remove the person's notices and choices, and their name from what others were told."""
    await Notification.filter(person_id=person_id).delete()
    await NoticeChoice.filter(person_id=person_id).delete()
    await NoticeMute.filter(person_id=person_id).delete()
    await PushSubscription.filter(person_id=person_id).delete()
    await Notification.filter(actor_id=person_id).update(actor_id=None)
