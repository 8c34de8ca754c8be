"""What follows a follow: whoever is followed learns of it, once for each follower."""

from rse.notifications import notify

from .events import PersonFollowed
from .models import Follow


async def tell(event: PersonFollowed) -> None:
    """Only while it is so; following again after a change of mind tells nothing new."""
    found = await Follow.get_or_none(id=event.follow_id)
    if found is None:
        return
    await notify(
        "follows.new",
        [found.followed_id],
        key=f"follow:{found.follower_id}",
        actor_id=found.follower_id,
        object_id=found.follower_id,
    )
