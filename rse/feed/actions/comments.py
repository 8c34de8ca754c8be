"""Comments: one level of answers, edited with history, deleted with a trace."""

from collections.abc import Sequence

from tortoise.exceptions import IntegrityError
from tortoise.expressions import F

from rse.feed import queries, rules
from rse.feed.drafts import Arrived, CommentDraft, EditDraft
from rse.feed.events import CommentDeleted, CommentEdited, CommentPublished, CommentRestored
from rse.feed.models import Comment, Post, PostVersion, StreamItem
from rse.files import actions as files
from rse.identity.models import Person
from rse.kernel import clock
from rse.kernel.db import transaction
from rse.kernel.errors import NotAllowed, NotFound
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import new_id
from rse.spaces import offers
from rse.spaces import queries as spaces
from rse.spaces import rules as space_rules
from rse.spaces.refusals import why_not_comment

from .words import changed_meanwhile, not_empty, remember_mentions, words_of


async def comment(
    author: Person, post_id: int, draft: CommentDraft, arrived: Arrived | None = None
) -> Comment:
    """Answer a post, or one of its comments. The same form sent twice makes one comment."""
    post, view = await queries.post_for(author, post_id)
    if not space_rules.may_comment(author, view.space, view.membership):
        raise NotAllowed(why_not_comment(view.space, view.membership))
    if post.is_locked:
        raise NotAllowed(_("The comments on this post are closed. Your words are kept."))
    if draft.key and (known := await Comment.get_or_none(author_id=author.id, sent_key=draft.key)):
        return known
    if draft.file_ids:
        offers.require(view.space, "files")
    not_empty(draft.body, has_files=bool(draft.file_ids))
    parent_id = await _top_of_thread(post_id, draft.parent_id)
    words = await words_of(author, draft.body, post.space_id, arrived)
    arrived = arrived or Arrived()
    try:
        async with transaction() as change:
            made = await Comment.create(
                post=post, author=author, parent_id=parent_id, source=words.source, html=words.html,
                sent_key=draft.key or None, uri=arrived.uri, by_mail=arrived.by_mail,
            )  # fmt: skip
            await files.attach(author, draft.file_ids, post_id=post_id, comment_id=made.id)
            await remember_mentions(words, target_id=made.id, post_id=post_id)
            await Post.filter(id=post_id).update(
                comment_count=F("comment_count") + 1, last_comment_id=made.id
            )
            await StreamItem.filter(
                stream_id=post.space_id, post_id=post_id, activity_id__lt=made.id
            ).update(activity_id=made.id)
            change.record(CommentPublished(made.id))
    except IntegrityError:
        return await Comment.get(author_id=author.id, sent_key=draft.key)
    return made


async def _top_of_thread(post_id: int, parent_id: int | None) -> int | None:
    """An answer to an answer stands beside it: one level, as people read it."""
    if parent_id is None:
        return None
    parent = await Comment.get_or_none(id=parent_id, post_id=post_id)
    if parent is None:
        raise NotFound(_("The comment you answer is gone. Your words are kept."))
    return parent.parent_id or parent.id


async def edit_comment(
    editor: Person, comment_id: int, draft: EditDraft, arrived: Arrived | None = None
) -> Comment:
    """Give a comment new words; the old ones stay readable."""
    found, view = await queries.comment_for(editor, comment_id)
    if not rules.may_edit(editor, found, view.space, view.membership):
        raise NotAllowed(_("Only the author can edit this."))
    not_empty(draft.body)
    words = await words_of(editor, draft.body, view.space.id, arrived)
    if (words.source, words.html) == (found.source, found.html):
        return found  # also the same form, sent twice
    if draft.version and draft.version != found.version:
        raise changed_meanwhile()
    async with transaction() as change:
        await PostVersion.create(
            target_id=found.id, source=found.source, html=found.html, editor=editor
        )
        saved = await Comment.filter(id=found.id, version=found.version).update(
            source=words.source, html=words.html, version=found.version + 1, edited_at=clock.now()
        )
        if not saved:
            raise changed_meanwhile()
        await remember_mentions(words, target_id=found.id, post_id=found.post_id)
        change.record(CommentEdited(found.id))
    return await Comment.get(id=found.id)


async def delete_comment(person: Person, comment_id: int) -> None:
    """Take a comment away. Answers to it stay, under a line that says it is gone."""
    found, view = await queries.comment_for(person, comment_id)
    author = await Person.get(id=found.author_id)
    if not rules.may_delete(person, found, author, view.membership):
        raise NotAllowed(_("Only the author or a moderator can delete this."))
    async with transaction() as change:
        gone = await Comment.filter(id=comment_id, deleted_at=None).update(
            deleted_at=clock.now(), deleted_by_id=person.id, version=found.version + 1
        )
        if gone:
            newest = (
                await Comment.filter(post_id=found.post_id, deleted_at=None).order_by("-id").first()
            )
            await Post.filter(id=found.post_id).update(
                comment_count=F("comment_count") - 1, last_comment_id=newest.id if newest else 0
            )
            await StreamItem.filter(stream_id=view.space.id, post_id=found.post_id).update(
                activity_id=newest.id if newest else found.post_id
            )
            change.record(CommentDeleted(comment_id, person.id))


async def restore_comment(person: Person, comment_id: int) -> None:
    """Bring a deleted comment back to where it stood."""
    found = await Comment.get(id=comment_id).select_related("post")
    here = await spaces.space_for(person, found.post.space_id)
    may_write = space_rules.may_take_part(person, here.space, here.membership)
    is_there = rules.may_restore(person, found, clock.now()) and (found.source or found.html)
    if not may_write or not is_there:
        raise NotAllowed(_("This can no longer be brought back."))
    async with transaction() as change:
        back = (
            await Comment.filter(id=comment_id)
            .exclude(deleted_at=None)
            .update(deleted_at=None, deleted_by_id=None, version=found.version + 1)
        )
        if back:
            newest = max(found.post.last_comment_id, comment_id)
            await Post.filter(id=found.post_id).update(
                comment_count=F("comment_count") + 1, last_comment_id=newest
            )
            change.record(CommentRestored(comment_id))


async def purge_comments(gone: Sequence[Comment]) -> None:
    """Forget for good what comments said, before and after edits, and their files."""
    for comment in gone:
        await PostVersion.filter(target_id=comment.id).delete()
        await files.remove_of(post_id=comment.post_id, comment_id=comment.id)
        await Comment.filter(id=comment.id).update(source="", html="")


async def rename_comments(post_id: int) -> None:
    """For partners, our comments are new things too: what stood under the old post is gone."""
    ours = await Comment.filter(post_id=post_id, uri=None, deleted_at=None)
    for comment in ours:
        comment.federated_id = new_id()
    await Comment.bulk_update(ours, fields=["federated_id"], batch_size=200)
