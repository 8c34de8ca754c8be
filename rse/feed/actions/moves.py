"""What changes around a post, and not its words: its space, and whether it takes comments."""

from tortoise.expressions import F

from rse.feed import queries, rules
from rse.feed.events import PostLocked, PostMoved
from rse.feed.models import Post, StreamItem
from rse.identity.models import Person
from rse.kernel.db import transaction
from rse.kernel.errors import Conflict, NotAllowed
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import new_id
from rse.spaces import queries as spaces
from rse.spaces import rules as space_rules
from rse.spaces.models import Space

from .comments import rename_comments
from .posts import refresh_last_post


async def move(person: Person, post_id: int, space_id: int) -> None:
    """Put a post with its comments into another space; its address stays the same."""
    post, here = await queries.post_for(person, post_id)
    there = await spaces.writable_space(person, space_id)
    author = await queries.author_of(post)
    may_leave = space_rules.may_take_part(person, here.space, here.membership)
    if not may_leave or not rules.may_move(person, post, author, here.membership, there.membership):
        raise NotAllowed(
            _("Only the author, or somebody who moderates both spaces, can move this post.")
        )
    if space_id == post.space_id:
        raise Conflict(_("The post is in this space already."))
    if space_rules.must_wait(there.space, there.membership):
        raise NotAllowed(_("Posts in that space wait for a moderator first: write it anew there."))
    async with transaction() as change:
        moved = await Post.filter(id=post_id, space_id=post.space_id, deleted_at=None).update(
            space_id=space_id, version=F("version") + 1, federated_id=new_id()
        )
        if not moved:
            raise Conflict(_("This post was moved or deleted meanwhile."))
        await rename_comments(post_id)
        await StreamItem.filter(stream_id=post.space_id, post_id=post_id).update(stream_id=space_id)
        await refresh_last_post(post.space_id)
        await Space.filter(id=space_id, last_post_id__lt=post_id).update(last_post_id=post_id)
        known_as = post.federated_id or post.id
        change.record(PostMoved(post_id, post.space_id, space_id, known_as, person.id))


async def set_locked(person: Person, post_id: int, *, locked: bool) -> None:
    """Close the comments of a post, or open them again."""
    post, view = await queries.post_for(person, post_id)
    if not rules.may_lock(person, post, view.space, view.membership):
        raise NotAllowed(_("Only the author or a moderator can do this."))
    async with transaction() as change:
        if await Post.filter(id=post_id, is_locked=not locked).update(
            is_locked=locked, version=F("version") + 1
        ):
            change.record(PostLocked(post_id))
