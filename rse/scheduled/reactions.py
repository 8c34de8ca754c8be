"""What follows: the author is told that their post could not be published."""

from rse.notifications import notify

from .events import ScheduledRefused
from .models import ScheduledPost


async def tell_author(event: ScheduledRefused) -> None:
    found = await ScheduledPost.get_or_none(id=event.scheduled_id)
    if found is not None and found.refusal:
        key = f"scheduled:{found.id}:{int(found.send_at.timestamp())}"
        await notify("scheduled.refused", [found.author_id], key=key, object_id=found.id)
