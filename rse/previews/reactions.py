"""What follows: the link of a new or edited post is looked at, a deleted one's is forgotten."""

from rse.feed.events import PostDeleted, PostEdited, PostPublished, PostRestored
from rse.feed.models import Post
from rse.kernel.ids import to_public
from rse.realtime.hub import hub

from . import actions
from .models import PostLink


async def look_at_link(event: PostPublished | PostEdited | PostRestored) -> None:
    """Only what is written here: a partner's words must not make this instance ask anywhere."""
    post = await Post.get_or_none(id=event.post_id, deleted_at=None, uri=None)
    if post is not None and await actions.find(post):
        topic, data = f"space:{to_public(post.space_id)}", {"post": to_public(post.id)}
        await hub.signal(topic, "post.changed", {**data, "author": to_public(post.author_id)})


async def forget_link(event: PostDeleted) -> None:
    await PostLink.filter(post_id=event.post_id).delete()
