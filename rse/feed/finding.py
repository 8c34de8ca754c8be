"""Reads for search: what there is to find in the feed, and where it stands. No rights here."""

from collections.abc import Sequence
from typing import NamedTuple

from rse.kernel.reads import ids

from .models import Comment, Post

On = tuple[int | None, int | None]


class Place(NamedTuple):
    """Where an attached file stands."""

    space_id: int


async def posts(post_ids: Sequence[int]) -> list[Post]:
    return await Post.filter(id__in=list(post_ids), deleted_at=None, is_waiting=False)


async def comments(comment_ids: Sequence[int]) -> list[Comment]:
    """Living comments of living posts, with their posts."""
    return await Comment.filter(
        id__in=list(comment_ids), deleted_at=None, post__deleted_at=None
    ).select_related("post")


async def places(wanted: Sequence[On]) -> dict[On, Place]:
    """Where files hang, by post and comment, if both are still there."""
    found = {post.id: post.space_id for post in await posts([on[0] for on in wanted if on[0]])}
    living = {comment.id for comment in await comments([on[1] for on in wanted if on[1]])}
    return {
        on: Place(found[on[0]])
        for on in wanted
        if on[0] in found and (on[1] is None or on[1] in living)
    }


async def comment_ids(post_id: int) -> list[int]:
    """Every comment of a post, deleted ones too."""
    return await ids(Comment.filter(post_id=post_id).order_by("id"))


async def post_ids_after(last: int, limit: int) -> list[int]:
    """Living posts, in the order of ids."""
    living = Post.filter(id__gt=last, deleted_at=None, is_waiting=False)
    return await ids(living.order_by("id").limit(limit))


async def comment_ids_after(last: int, limit: int) -> list[int]:
    """Living comments, in the order of ids."""
    return await ids(Comment.filter(id__gt=last, deleted_at=None).order_by("id").limit(limit))
