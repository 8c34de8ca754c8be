"""Posts on their way to a moderator, inside the transaction that writes them."""

from rse.feed.events import PostHeld
from rse.feed.models import Post, WaitingPost
from rse.kernel.db import Change


async def hold(change: Change, post: Post) -> None:
    """Put a new post in front of the moderators of its space."""
    await WaitingPost.create(post=post, space_id=post.space_id, author_id=post.author_id)
    change.record(PostHeld(post.id))


async def ask_again(change: Change, post: Post) -> None:
    """A refused post that got other words waits once more; one that waits goes on waiting."""
    asked = (
        await WaitingPost.filter(post_id=post.id)
        .exclude(refusal="")
        .update(refusal="", decided_by_id=None)
    )
    if asked:
        change.record(PostHeld(post.id))
