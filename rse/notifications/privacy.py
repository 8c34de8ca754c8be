"""Notices in a person's own export and erasure."""

from collections.abc import Mapping
from typing import Any

from .models import (
    NoticeChoice,
    NoticeDigest,
    NoticeLevel,
    NoticeMute,
    NoticeTimes,
    NoticeTrace,
    Notification,
    PushSubscription,
)


async def export(person_id: int) -> Mapping[str, Any]:
    return {
        "notices": await Notification.filter(person_id=person_id)
        .order_by("id")
        .values("kind", "actor_id", "object_id", "space_id", "read_at"),
        "choices": await NoticeChoice.filter(person_id=person_id).values(
            "kind", "channel", "wanted"
        ),
        "muted": await NoticeMute.filter(person_id=person_id).values("object_id", "channel"),
        "levels": await NoticeLevel.filter(person_id=person_id).values("object_id", "level"),
        "times": await NoticeTimes.filter(person_id=person_id).values(
            "digest",
            "digest_hour",
            "digest_weekday",
            "has_own_hours",
            "quiet_from",
            "quiet_to",
            "days_off",
            "away_from",
            "away_to",
            "paused_until",
            "mail_off_at",
        ),
        "digest": await NoticeDigest.filter(person_id=person_id).values("due_at"),
        "traces": await NoticeTrace.filter(person_id=person_id)
        .order_by("id")
        .values("event_key", "kind", "object_id", "channel", "step", "reason"),
        "devices": await PushSubscription.filter(person_id=person_id).values(
            "endpoint", "browser", "created_at", "failures"
        ),
    }


async def erase(person_id: int) -> None:
    """Remove the person's notices and choices, and their name from what others were told."""
    await Notification.filter(person_id=person_id).delete()
    await NoticeChoice.filter(person_id=person_id).delete()
    for table in (NoticeMute, NoticeLevel, NoticeTimes, NoticeDigest, NoticeTrace):
        await table.filter(person_id=person_id).delete()
    await PushSubscription.filter(person_id=person_id).delete()
    await Notification.filter(actor_id=person_id).update(actor_id=None)
