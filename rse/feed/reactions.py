"""What follows when something happens in the feed: people are told, open pages are refreshed."""

from rse.kernel.ids import to_public
from rse.notifications import (
    move_thread,
    not_told,
    notify,
    told_of,
    withdraw,
    withdraw_event,
)
from rse.notifications.preferences import followers_of
from rse.realtime.hub import hub
from rse.spaces import queries as spaces

from . import queries
from .events import (
    CommentDeleted,
    CommentEdited,
    CommentPublished,
    CommentRestored,
    PostAccepted,
    PostDeleted,
    PostEdited,
    PostHeld,
    PostLocked,
    PostMoved,
    PostPublished,
    PostRefused,
    PostRestored,
    Reacted,
    ReactionWithdrawn,
)
from .groups import missed, named_ids
from .models import Comment, Post
from .mutes import without_mutes


async def tell_about_post(event: PostPublished) -> None:
    """Those it names are told they are named; the other members that there is something new."""
    post = await Post.get_or_none(id=event.post_id, deleted_at=None, is_waiting=False)
    if post is None:
        return
    key = f"post:{post.id}"
    await _tell("feed.mention", await named_ids(post.id), key, post.author_id, post)
    await _tell_who_is_missed(post, post)
    members = await spaces.member_ids(post.space_id)
    await _tell("feed.post", members, key, post.author_id, post)


async def tell_moderators(event: PostHeld) -> None:
    """Owners and moderators of the space: somebody waits for them."""
    post = await Post.get_or_none(id=event.post_id, deleted_at=None, is_waiting=True)
    if post:
        await notify(
            "feed.waiting", await spaces.moderator_ids(post.space_id), key=f"held:{post.id}",
            actor_id=post.author_id, object_id=post.id, space_id=post.space_id,
        )  # fmt: skip


async def tell_author(event: PostAccepted | PostRefused) -> None:
    """The author, what became of the post; the moderators need not be asked any more."""
    post = await Post.get_or_none(id=event.post_id)
    if post is None:
        return
    await withdraw_event(f"held:{post.id}", thread_id=post.id)
    kind = "feed.accepted" if isinstance(event, PostAccepted) else "feed.refused"
    await notify(
        kind, [post.author_id], key=f"{kind}:{post.id}", actor_id=event.by_id,
        object_id=post.id, space_id=post.space_id,
    )  # fmt: skip


async def tell_about_comment(event: CommentPublished) -> None:
    """Those it names, the author of the post, who wrote in the thread or asked for all of it."""
    comment = await Comment.get_or_none(id=event.comment_id, deleted_at=None).select_related("post")
    if comment is None or comment.post.deleted_at is not None:
        return
    key = f"comment:{comment.id}"
    await _tell("feed.mention", await named_ids(comment.id), key, comment.author_id, comment.post)
    await _tell_who_is_missed(comment, comment.post)
    thread = await queries.thread_people(comment.post_id)
    thread += await followers_of(comment.post_id, comment.post.space_id)
    await _tell("feed.comment", thread, key, comment.author_id, comment.post)


async def tell_about_edit(event: PostEdited | CommentEdited) -> None:
    """Whoever is named for the first time by an edit is told."""
    if isinstance(event, PostEdited):
        post = await Post.get_or_none(id=event.post_id, deleted_at=None, is_waiting=False)
        if post:
            named = await named_ids(post.id)
            await _tell("feed.mention", named, f"post:{post.id}", post.author_id, post)
            await _tell_who_is_missed(post, post)
        return
    comment = await Comment.get_or_none(id=event.comment_id, deleted_at=None).select_related("post")
    if comment:
        key = f"comment:{comment.id}"
        named = await named_ids(comment.id)
        await _tell("feed.mention", named, key, comment.author_id, comment.post)
        await _tell_who_is_missed(comment, comment.post)


async def tell_about_reaction(event: Reacted) -> None:
    """The author of what was liked; by page only, never by mail."""
    post = await Post.get_or_none(id=event.post_id, deleted_at=None)
    if post is None:
        return
    comment = await Comment.get_or_none(id=event.target_id)
    author_id = comment.author_id if comment else post.author_id
    key = f"reaction:{event.target_id}:{event.person_id}"
    await _tell("feed.reaction", [author_id], key, event.person_id, post)


async def _tell(kind: str, person_ids: list[int], key: str, actor_id: int, post: Post) -> None:
    """Tell those who may read the post now, and did not mute it; a mention reaches them anyway.

    Of those who may not, a trace is left for administrators.
    """
    readers = await queries.readers_among(post.space_id, person_ids)
    if turned_away := set(person_ids) - set(readers) - {actor_id}:
        await not_told(kind, turned_away, key=key, object_id=post.id)
    if kind != "feed.mention":
        readers = await without_mutes(readers, [actor_id, post.id, post.space_id])
    if readers:
        await notify(
            kind, readers, key=key, actor_id=actor_id, object_id=post.id, space_id=post.space_id
        )


async def _tell_who_is_missed(item: Post | Comment, post: Post) -> None:
    """The author learns that somebody they named cannot read it, and that nobody told them."""
    if item.uri is None and await missed(item.source, post.space_id):
        await notify(
            "feed.missed", [item.author_id], key=f"missed:{item.id}", object_id=post.id,
            space_id=post.space_id,
        )  # fmt: skip


async def move_along(event: PostMoved) -> None:
    """What was told of a post that moved is of its new space, for those who may read it there."""
    post = await Post.get_or_none(id=event.post_id, deleted_at=None)
    if post is not None:
        told = await told_of(post.id)
        readers = await queries.readers_among(post.space_id, told)
        await move_thread(post.id, post.space_id, readers)


async def take_notices_back(event: PostDeleted | CommentDeleted) -> None:
    """Nobody is told any more of what is gone."""
    if isinstance(event, CommentDeleted):
        comment = await Comment.get(id=event.comment_id)
        await withdraw_event(f"comment:{comment.id}", thread_id=comment.post_id)
    else:
        await withdraw(event.post_id)


async def refresh_pages(
    event: PostPublished | PostEdited | PostDeleted | PostRestored | PostMoved | PostLocked
    | CommentPublished | CommentEdited | CommentDeleted | CommentRestored
    | Reacted | ReactionWithdrawn,
) -> None:  # fmt: skip
    """Signal open pages of the space; each fetches its own fragment with its reader's rights."""
    if isinstance(event, CommentPublished | CommentEdited | CommentDeleted | CommentRestored):
        comment = await Comment.get_or_none(id=event.comment_id)
        post_id = comment.post_id if comment else 0
    else:
        post_id = event.post_id
    post = await Post.get_or_none(id=post_id)
    if post is None or post.is_waiting:
        return
    kind = "post.new" if isinstance(event, PostPublished) else "post.changed"
    data = {"post": to_public(post_id), "author": to_public(post.author_id)}
    await hub.signal(f"space:{to_public(post.space_id)}", kind, data)
    if isinstance(event, PostMoved | PostDeleted):
        await hub.recheck(f"thread:{to_public(post_id)}")
    if isinstance(event, PostMoved):
        await hub.signal(f"space:{to_public(event.from_space_id)}", kind, data)
