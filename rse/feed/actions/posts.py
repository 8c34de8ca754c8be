"""Posts: published, edited with history, deleted with a way back."""

from datetime import timedelta

from tortoise.exceptions import IntegrityError

from rse.feed import queries, rules
from rse.feed.drafts import Arrived, EditDraft, PostDraft
from rse.feed.events import PostDeleted, PostEdited, PostPublished, PostRestored
from rse.feed.models import Comment, HomeVisit, Post, PostVersion, StreamItem, WaitingPost
from rse.files import actions as files
from rse.identity.models import Person
from rse.kernel import clock
from rse.kernel.db import Change, transaction
from rse.kernel.errors import NotAllowed
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import parse_public, to_public
from rse.spaces import offers
from rse.spaces import queries as spaces
from rse.spaces import rules as space_rules
from rse.spaces.models import Membership, Space

from .comments import purge_comments
from .held import ask_again, hold
from .words import changed_meanwhile, not_empty, remember_mentions, words_of

A_VISIT = timedelta(minutes=30)


async def publish(
    author: Person, draft: PostDraft, arrived: Arrived | None = None, *, kind: str = "post"
) -> Post:
    """Publish a post in a space. The same form sent twice makes one post.

    `kind` names what a feature above hangs on it.
    """
    view = await spaces.writable_space(author, draft.space_id)
    if draft.key and (known := await Post.get_or_none(author_id=author.id, sent_key=draft.key)):
        return known
    if draft.file_ids:
        offers.require(view.space, "files")
    shared_id = await _shown_again(author, draft.shared)
    not_empty(draft.body, has_files=bool(draft.file_ids or draft.title or shared_id))
    words = await words_of(author, draft.body, view.space.id, arrived)
    arrived = arrived or Arrived()
    try:
        async with transaction() as change:
            post = await Post.create(
                author=author, space=view.space, title=draft.title, source=words.source,
                html=words.html, sent_key=draft.key[:40] or None, uri=arrived.uri,
                by_mail=arrived.by_mail, kind=kind, shared_id=shared_id,
                is_waiting=space_rules.must_wait(view.space, view.membership),
            )  # fmt: skip
            await files.attach(author, draft.file_ids, post_id=post.id)
            await remember_mentions(words, target_id=post.id, post_id=post.id)
            if post.is_waiting:
                await hold(change, post)
            else:
                await show(change, post)
    except IntegrityError:  # the same form, at the same moment, on another connection
        return await Post.get(author_id=author.id, sent_key=draft.key)
    return post


async def welcome(author: Person, space_id: int, title: str, body: str) -> None:
    """The first post of a space that was made from a template."""
    await publish(author, PostDraft(space=to_public(space_id), title=title, body=body))


async def show(change: Change, post: Post) -> None:
    """Let the world see a post, inside the caller's transaction."""
    await _stand_in_stream(post)
    change.record(PostPublished(post.id))


async def _shown_again(author: Person, shared: str) -> int | None:
    """The post that is shared; of a share without words, what it shares."""
    if not shared:
        return None
    original, _view = await queries.post_for(author, parse_public(shared))
    return original.id if original.source or not original.shared_id else original.shared_id


async def _stand_in_stream(post: Post) -> None:
    """Show the post to the readers of its space; its author has seen it."""
    await StreamItem.create(
        stream_id=post.space_id, post_id=post.id, author_id=post.author_id, kind=post.kind,
        activity_id=max(post.id, post.last_comment_id),
    )  # fmt: skip
    await Space.filter(id=post.space_id, last_post_id__lt=post.id).update(last_post_id=post.id)
    await Membership.filter(
        space_id=post.space_id, person_id=post.author_id, seen_id__lt=post.id
    ).update(seen_id=post.id)


async def edit(
    editor: Person, post_id: int, draft: EditDraft, arrived: Arrived | None = None
) -> Post:
    """Give a post new words; the old ones stay readable in its history."""
    post, view = await queries.own_post(editor, post_id)
    author = await queries.author_of(post)
    if not rules.may_edit(editor, post, view.space, view.membership, author):
        raise NotAllowed(_("Only the author or a moderator can edit this."))
    shows = bool(draft.title or post.shared_id) or await queries.has_files(post_id)
    not_empty(draft.body, has_files=shows)
    words = await words_of(author, draft.body, post.space_id, arrived)
    if (words.source, words.html, draft.title) == (post.source, post.html, post.title):
        return post  # also the same form, sent twice
    if draft.version and draft.version != post.version:
        raise changed_meanwhile()
    async with transaction() as change:
        await PostVersion.create(
            target_id=post.id, title=post.title, source=post.source, html=post.html, editor=editor
        )
        saved = await Post.filter(id=post.id, version=post.version).update(
            title=draft.title, source=words.source, html=words.html, version=post.version + 1,
            edited_at=clock.now(), edited_by_id=editor.id,
        )  # fmt: skip
        if not saved:
            raise changed_meanwhile()
        await remember_mentions(words, target_id=post.id, post_id=post.id)
        if post.is_waiting:
            await ask_again(change, post)
        else:
            change.record(PostEdited(post.id, editor.id))
    return await Post.get(id=post.id)


async def delete(person: Person, post_id: int) -> None:
    """Take a post away; for 30 days it can be brought back."""
    post, view = await queries.own_post(person, post_id)
    author = await queries.author_of(post)
    if not rules.may_delete(person, post, author, view.membership):
        raise NotAllowed(_("Only the author or a moderator can delete this."))
    async with transaction() as change:
        gone = await Post.filter(id=post_id, deleted_at=None).update(
            deleted_at=clock.now(), deleted_by_id=person.id, version=post.version + 1
        )
        if gone and not post.is_waiting:
            await StreamItem.filter(stream_id=post.space_id, post_id=post_id).delete()
            await refresh_last_post(post.space_id)
            change.record(PostDeleted(post_id, person.id))


async def restore(person: Person, post_id: int) -> Post:
    """Bring a deleted post back to where it stood."""
    post = await queries.deleted_post(person, post_id)
    here = await spaces.space_for(person, post.space_id)
    may_write = space_rules.may_take_part(person, here.space, here.membership)
    if not may_write or not rules.may_restore(person, post, clock.now()) or post.purged:
        raise NotAllowed(_("This can no longer be brought back."))
    async with transaction() as change:
        back = (
            await Post.filter(id=post_id)
            .exclude(deleted_at=None)
            .update(deleted_at=None, deleted_by_id=None, version=post.version + 1)
        )
        if back and not post.is_waiting:
            await _stand_in_stream(post)
            change.record(PostRestored(post_id))
    return await Post.get(id=post_id)


async def refresh_last_post(space_id: int) -> None:
    """Say anew which post of a space is the newest, after one went."""
    newest = await StreamItem.filter(stream_id=space_id).order_by("-post_id").first()
    await Space.filter(id=space_id).update(last_post_id=newest.post_id if newest else 0)


async def purge_deleted() -> None:
    """Forget for good what was deleted more than 30 days ago; the empty row remembers the id."""
    limit = clock.now() - rules.RESTORABLE
    for post in await Post.filter(deleted_at__lt=limit, purged=False).limit(200):
        async with transaction():
            await purge_comments(await Comment.filter(post_id=post.id))
            await PostVersion.filter(target_id=post.id).delete()
            await files.remove_of(post_id=post.id)
            await WaitingPost.filter(post_id=post.id).delete()
            await Post.filter(id=post.id).update(title="", source="", html="", purged=True)
    worded = Comment.filter(deleted_at__lt=limit).exclude(source="", html="")
    async with transaction():
        await purge_comments(await worded.limit(200))


async def move_seen_line(person: Person, newest_id: int) -> None:
    """Remember what was seen at home. The line stays where it is for the length of a visit."""
    now = clock.now()
    visit, made = await HomeVisit.get_or_create(person=person, defaults={"newest_id": newest_id})
    if made:
        return
    if now - visit.seen_at > A_VISIT:
        visit.line_id, visit.line_at = visit.newest_id, visit.seen_at
    visit.newest_id, visit.seen_at = max(visit.newest_id, newest_id), now
    await visit.save(update_fields=["line_id", "line_at", "newest_id", "seen_at"])


async def mark_spaces_seen(person_id: int, newest_id: int) -> None:
    """All that is at most as new as `newest_id` has been seen, in every space."""
    await Membership.filter(person_id=person_id, seen_id__lt=newest_id).update(seen_id=newest_id)
