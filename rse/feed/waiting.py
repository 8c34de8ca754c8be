"""Reads of posts that wait for a moderator: for their authors, and for who decides."""

from collections.abc import Sequence

from rse.identity.models import Person
from rse.kernel.errors import NotAllowed, NotFound
from rse.kernel.i18n import gettext as _
from rse.spaces import queries as spaces
from rse.spaces.queries import SpaceView

from .models import Post, WaitingPost

MOST = 100


async def queue(reader: Person, view: SpaceView) -> list[WaitingPost]:
    """What waits in a space, the oldest first: all of it for its moderators, else one's own."""
    found = WaitingPost.filter(space_id=view.space.id, post__deleted_at=None)
    mine = {"refusal": ""} if view.may_moderate else {"author_id": reader.id}
    found = found.filter(**mine)
    return await found.select_related("post__author__organisation").order_by("post_id").limit(MOST)


async def count(reader: Person, view: SpaceView) -> int:
    """How many posts of the queue the reader would find."""
    found = WaitingPost.filter(space_id=view.space.id, post__deleted_at=None)
    if view.may_moderate:
        return await found.filter(refusal="").count()
    return await found.filter(author_id=reader.id).count()


async def by_post(post_ids: Sequence[int]) -> dict[int, WaitingPost]:
    """The posts of the ids that wait or were refused, with their spaces."""
    found = await WaitingPost.filter(
        post_id__in=list(post_ids), post__deleted_at=None
    ).select_related("post", "space")
    return {row.post_id: row for row in found}


async def may_be_told(person_id: int, row: WaitingPost) -> bool:
    """The author, and whoever moderates the space now."""
    return person_id == row.author_id or person_id in await spaces.moderator_ids(row.space_id)


async def to_review(moderator: Person, post_id: int) -> Post:
    """A post that waits, for a moderator of its space; nobody else learns that it is there."""
    gone = NotFound(_("This post does not exist, or not any more."))
    post = await Post.get_or_none(id=post_id, is_waiting=True, deleted_at=None)
    if post is None:
        raise gone
    view = await spaces.space_for(moderator, post.space_id)
    if not view.may_moderate and post.author_id != moderator.id:
        raise gone
    if not view.may_moderate:
        raise NotAllowed(_("Only owners and moderators of the space can do this."))
    return post
