"""New notices reach the bell of every open page at once."""

from rse.realtime.hub import hub
from rse.realtime.topics import topic_of

from . import queries
from .events import NoticesCreated
from .models import Notification


async def ring(event: NoticesCreated) -> None:
    """Signal the counts; notices that are for mail alone ring nothing."""
    rows = await Notification.filter(
        id__in=list(event.notice_ids), in_app=True, read_at=None, snoozed_until=None
    ).values("person_id")
    for person_id, count in (await queries.unread_counts([r["person_id"] for r in rows])).items():
        await hub.signal(topic_of("person", person_id), "notices", {"unread": count})
