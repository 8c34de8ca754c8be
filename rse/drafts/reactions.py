"""What follows: what was sent is no draft any more."""

from rse.feed.events import CommentPublished, PostPublished
from rse.feed.models import Comment, Post
from rse.kernel.events import immediate

from . import actions


@immediate
async def forget_sent(event: PostPublished | CommentPublished) -> None:
    if isinstance(event, PostPublished):
        sent: Post | Comment | None = await Post.get_or_none(id=event.post_id)
    else:
        sent = await Comment.get_or_none(id=event.comment_id)
    if sent is not None and sent.sent_key:
        await actions.forget(sent.author_id, sent.sent_key)
