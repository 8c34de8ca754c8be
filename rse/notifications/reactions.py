"""A new notice reaches the bell of every open page at once."""

from rse.realtime.hub import hub
from rse.realtime.topics import topic_of

from . import queries
from .events import NoticeCreated
from .models import Notification


async def ring(event: NoticeCreated) -> None:
    """Signal the count; a notice that is for mail alone rings nothing."""
    notice = await Notification.get_or_none(id=event.notice_id, in_app=True, read_at=None)
    if notice is not None:
        count = await queries.unread_count(notice.person_id)
        await hub.signal(topic_of("person", notice.person_id), "notices", {"unread": count})
