"""What moderators decide about posts that wait for them."""

from pydantic import BaseModel, Field, field_validator

from rse.feed import waiting
from rse.feed.events import PostAccepted, PostRefused
from rse.feed.models import Post, WaitingPost
from rse.identity.models import Person
from rse.kernel.db import transaction
from rse.kernel.errors import Conflict
from rse.kernel.i18n import gettext as _
from rse.kernel.text import clean_line

from .posts import show


class RefusalDraft(BaseModel):
    """Why a post is not published: its author reads it."""

    reason: str = Field(max_length=500)

    @field_validator("reason")
    @classmethod
    def _said(cls, value: str) -> str:
        cleaned = clean_line(value, 500)
        if len(cleaned) < 3:
            raise ValueError(_("Say why, so that the author can write it differently."))
        return cleaned


async def accept(moderator: Person, post_id: int, version: int = 0) -> Post:
    """Publish a post that waited; `version` is the one the moderator has read."""
    post = await waiting.to_review(moderator, post_id)
    if version and version != post.version:
        raise _changed()
    async with transaction() as change:
        # Of two moderators at the same moment, one publishes.
        if not await Post.filter(id=post.id, is_waiting=True, version=post.version).update(
            is_waiting=False
        ):
            raise _changed()
        await WaitingPost.filter(post_id=post.id).delete()
        await show(change, post)
        change.record(PostAccepted(post.id, moderator.id))
    return await Post.get(id=post.id)


async def refuse(moderator: Person, post_id: int, draft: RefusalDraft) -> None:
    """Give a post back to its author, with the reason; the words are kept."""
    post = await waiting.to_review(moderator, post_id)
    async with transaction() as change:
        if not await WaitingPost.filter(post_id=post.id, refusal="").update(
            refusal=draft.reason, decided_by_id=moderator.id
        ):
            raise _changed()
        change.record(PostRefused(post.id, moderator.id))


def _changed() -> Conflict:
    return Conflict(_("Somebody has decided about this post, or changed it, meanwhile."))
