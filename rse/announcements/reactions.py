"""What follows: the people of the space are told, and those who stay silent are told again."""

from rse.feed.models import Post
from rse.kernel.reads import ids
from rse.notifications import notify
from rse.notifications.models import Notification

from . import actions, queries
from .events import ReminderDue, RoundBegun
from .models import Announcement


async def tell(event: RoundBegun) -> None:
    """Everybody who is asked; who was reached is written down."""
    found = await Announcement.get_or_none(id=event.announcement_id, round=event.round)
    post = await Post.get_or_none(id=found.post_id, deleted_at=None) if found else None
    if found is None or post is None:
        return
    key = queries.event_key(found)
    asked = [person.id for person in await queries.everybody(found)]
    await notify(
        "announcements.new", asked, key=key, actor_id=post.author_id, object_id=post.id,
        space_id=post.space_id, is_urgent=found.is_urgent,
    )  # fmt: skip
    told = await ids(Notification.filter(object_id=post.id, event_key=key), "person_id")
    await actions.note_told(found, event.round, sorted(set(told) & set(asked)))


async def remind(event: ReminderDue) -> None:
    """Those of the round who have not answered."""
    found = await Announcement.get_or_none(id=event.announcement_id, round=event.round)
    post = await Post.get_or_none(id=found.post_id, deleted_at=None) if found else None
    if found is None or post is None or found.closes_at is None:
        return
    silent = [
        person.id for person in await queries.everybody(found)
        if person.state != queries.ACKNOWLEDGED
    ]  # fmt: skip
    day = f"{found.closes_at:%Y%m%d}"
    await notify(
        "announcements.reminder", silent, actor_id=post.author_id, object_id=post.id,
        key=f"announcement:{found.id}:{event.round}:{event.number}:{day}", space_id=post.space_id,
        is_urgent=found.is_urgent,
    )  # fmt: skip
