"""What a person wrote, in their export and erasure."""

from collections.abc import Mapping
from typing import Any

from tortoise.expressions import Q

from .models import (
    Comment,
    HomeVisit,
    Mention,
    Mute,
    Post,
    PostVersion,
    Reaction,
    StreamItem,
    WaitingPost,
)


async def export(person_id: int) -> Mapping[str, Any]:
    return {
        "posts": await Post.filter(author_id=person_id, deleted_at=None).values(
            "id", "space__name", "title", "source"
        ),
        "comments": await Comment.filter(author_id=person_id, deleted_at=None).values(
            "id", "post_id", "source"
        ),
        "edits": await PostVersion.filter(editor_id=person_id).values(
            "target_id", "source", "replaced_at"
        ),
        "reactions": await Reaction.filter(person_id=person_id).values("target_id", "emoji"),
        "mentions": await Mention.filter(person_id=person_id).values("target_id"),
        "waiting": await WaitingPost.filter(author_id=person_id).values("post_id", "refusal"),
        "visits": await HomeVisit.filter(person_id=person_id).values("seen_at", "view", "sort"),
        "streams": await StreamItem.filter(author_id=person_id).values("stream_id", "post_id"),
        "mutes": await Mute.filter(person_id=person_id).values("kind", "target_id", "since"),
    }


async def erase(person_id: int) -> None:
    """Words stay under an anonymous author; what only says that somebody was here goes."""
    await HomeVisit.filter(person_id=person_id).delete()
    # Words that nobody else ever read need no anonymous author.
    await Post.filter(author_id=person_id, is_waiting=True).delete()
    await Mention.filter(person_id=person_id).delete()
    await Mute.filter(Q(person_id=person_id) | Q(target_id=person_id)).delete()
