"""The feed among companies: posts, comments and reactions as activities, and back."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from tortoise.expressions import Q

from rse.config import settings
from rse.federation import names, outbox
from rse.federation import queries as federation
from rse.federation.core.vocab import Activity, Note, Ref, Tombstone
from rse.federation.core.vocab import Mention as MentionTag
from rse.federation.types import Incoming, MissingParent, Whereabouts
from rse.identity.models import Person
from rse.kernel import clock, i18n
from rse.kernel.errors import NotAllowed
from rse.kernel.events import ordered
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import made_at, to_public
from rse.kernel.text import clean_line, sanitise, to_plain, without_local_links

from . import actions, queries
from .drafts import Arrived, CommentDraft, EditDraft, PostDraft, ReactionDraft
from .events import (
    CommentDeleted,
    CommentEdited,
    CommentPublished,
    CommentRestored,
    PostDeleted,
    PostEdited,
    PostMoved,
    PostPublished,
    PostRestored,
    Reacted,
    ReactionWithdrawn,
)
from .groups import named_for_partners
from .models import Comment, Post, Reaction

_DELETED = {Post: PostDeleted.name, Comment: CommentDeleted.name}
PostEvent = PostPublished | PostEdited | PostDeleted | PostRestored | PostMoved
CommentEvent = CommentPublished | CommentEdited | CommentDeleted | CommentRestored
ReactionEvent = Reacted | ReactionWithdrawn


def uri_of(item: Post | Comment) -> str:
    """The federation id of a post or comment, ours or a partner's."""
    kind = "posts" if isinstance(item, Post) else "comments"
    return item.uri or names.object_uri(kind, item.federated_id or item.id)


async def _note(item: Post | Comment) -> Note:
    post = item if isinstance(item, Post) else await Post.get(id=item.post_id)
    above = None
    if isinstance(item, Comment):
        parent = await Comment.get_or_none(id=item.parent_id) if item.parent_id else None
        above = uri_of(parent or post)
    named = await named_for_partners(item, post.space_id)
    return Note(
        id=uri_of(item),
        attributed_to=names.person_uri(await Person.get(id=item.author_id)),
        audience=await federation.group_uri(post.space_id),
        content=_content(item),
        name=item.title or None if isinstance(item, Post) else None,
        published=made_at(item.id),
        updated=item.edited_at,
        in_reply_to=above,
        mentions=tuple(
            MentionTag(href=names.person_uri(person), name=f"@{person.handle}") for person in named
        ),
    )


def _content(item: Post | Comment) -> str:
    """The words; of a post that shows another one, that it does: never what that one says."""
    words = without_local_links(item.html)
    if isinstance(item, Post) and item.shared_id:
        with i18n.using(settings().community.language, settings().community.timezone):
            words += f"<p>{_('Shares a post that stays in its own space.')}</p>"
    return words or "<p></p>"


@ordered
async def tell_partners(event: PostEvent | CommentEvent | ReactionEvent) -> None:
    """Say what happened to every company that reads the space; one lane keeps the order."""
    if isinstance(event, Reacted | ReactionWithdrawn):
        await _say_reaction(event)
    elif isinstance(event, CommentPublished | CommentEdited | CommentDeleted | CommentRestored):
        comment = await Comment.get(id=event.comment_id).select_related("post")
        await _say(comment, comment.post.space_id, event)
    elif isinstance(event, PostMoved):
        await _say_moved(event)
    else:
        post = await Post.get(id=event.post_id)
        await _say(post, post.space_id, event)


async def _say_moved(event: PostMoved) -> None:
    """Companies that read the first space lose the post; those of the second get it, as it is now.

    For a company that reads both it is a new thing: what was deleted once never comes back.
    """
    post = await Post.get(id=event.post_id)
    if await federation.is_logged(event.from_space_id):
        gone = Tombstone(id=names.object_uri("posts", event.known_as))
        said = await _activity("Delete", post.author_id, event.from_space_id, gone)
        await outbox.publish(event.from_space_id, said, f"post.left:{event.known_as}")
    if post.space_id == event.to_space_id:
        await _say_whole(post, f"{event.name}:{event.known_as}")


async def _say_whole(post: Post, key: str) -> None:
    """A post with our comments, to companies that do not have it, for it moved."""
    if post.deleted_at is not None or not await federation.is_logged(post.space_id):
        return
    ours = await Comment.filter(post_id=post.id, uri=None, deleted_at=None).order_by("id")
    items: list[Post | Comment] = [post, *ours]
    for item in items:
        said = await _activity("Create", item.author_id, post.space_id, await _note(item))
        await outbox.publish(post.space_id, said, f"{key}:{item.id}")


async def _activity(kind: str, author_id: int, space_id: int, thing: Note | Tombstone) -> Activity:
    author = await Person.get(id=author_id)
    return Activity(
        id="", type=kind, actor=names.person_uri(author), published=clock.now(),
        audience=await federation.group_uri(space_id), object=thing,
    )  # fmt: skip


async def _say(item: Post | Comment, space_id: int, event: PostEvent | CommentEvent) -> None:
    if not await federation.is_logged(space_id) or (isinstance(item, Post) and item.is_waiting):
        return
    # What was deleted meanwhile is never sent: the Delete that follows says all.
    gone = item.deleted_at is not None
    if gone != isinstance(event, PostDeleted | CommentDeleted):
        return
    kind = "Delete" if gone else "Create" if item.version == 1 else "Update"
    if isinstance(event, PostPublished | CommentPublished | PostRestored | CommentRestored):
        kind = "Create"
    thing = Tombstone(id=uri_of(item)) if gone else await _note(item)
    said = await _activity(kind, item.author_id, space_id, thing)
    key = f"{event.name}:{item.id}:{item.version}"
    if isinstance(event, PostRestored | CommentRestored):
        # First the id is given its meaning back; the words follow for whoever never had them.
        deleted = names.activity_uri(f"{_DELETED[type(item)]}:{item.id}:{item.version - 1}")
        undone = Ref(id=deleted, type="Delete", object=uri_of(item))
        await outbox.publish(space_id, replace(said, type="Undo", object=undone), f"undo:{key}")
    await outbox.publish(space_id, said, key)


async def _say_reaction(event: ReactionEvent) -> None:
    post = await Post.get(id=event.post_id)
    person = await Person.get(id=event.person_id)
    target = await Comment.get_or_none(id=event.target_id) or post
    like = f"reaction:{event.reaction_id}"
    audience = await federation.group_uri(post.space_id)
    withdrawn = isinstance(event, ReactionWithdrawn)
    said = Activity(
        id="", type="Undo" if withdrawn else "Like", actor=names.person_uri(person),
        published=clock.now(), audience=audience, content=None if withdrawn else event.emoji,
        object=Ref(id=names.activity_uri(like), type="Like", object=uri_of(target))
        if withdrawn
        else uri_of(target),
    )  # fmt: skip
    await outbox.publish(post.space_id, said, f"undo:{like}" if withdrawn else like)


async def locate(uri: str) -> Whereabouts | None:
    """Whose a post, comment or reaction is and where it lives."""
    item = await _find(uri)
    if item is not None:
        post = item if isinstance(item, Post) else await Post.get(id=item.post_id)
        return Whereabouts(item.author_id, post.space_id)
    reaction = await Reaction.get_or_none(uri=uri).select_related("post")
    return Whereabouts(reaction.person_id, reaction.post.space_id) if reaction else None


async def _find(uri: str) -> Post | Comment | None:
    local = names.local_object(uri)
    if local is None:
        return await Post.get_or_none(uri=uri) or await Comment.get_or_none(uri=uri)
    kind, number = local
    known = Q(id=number, federated_id=None) | Q(federated_id=number)
    if kind == "posts":
        return await Post.get_or_none(known, uri=None)
    return await Comment.get_or_none(known, uri=None) if kind == "comments" else None


async def receive_note(incoming: Incoming) -> None:
    """A partner's post or comment arrives: the same actions as for anybody."""
    note = incoming.activity.object
    if not isinstance(note, Note) or incoming.space_id is None:
        return
    arrived = await _arrived(note)
    if note.in_reply_to is None:
        draft = PostDraft.model_construct(
            space=to_public(incoming.space_id),
            title=clean_line(note.name or "", 200),
            body="",
            files=[],
            key="",
        )
        draft.body = to_plain(sanitise(note.content))
        await actions.publish(incoming.actor, draft, arrived)
        return
    above = await _find(note.in_reply_to)
    if above is None or await queries.is_waiting(above):
        raise MissingParent("the post it answers has not arrived")
    parent = to_public(above.id) if isinstance(above, Comment) else ""
    post_id = above.post_id if isinstance(above, Comment) else above.id
    comment = CommentDraft(body=to_plain(sanitise(note.content)), parent=parent)
    await actions.comment(incoming.actor, post_id, comment, arrived)


async def receive_update(incoming: Incoming) -> None:
    """A partner edits their words: ours keep the history. An older edit changes nothing."""
    note = incoming.activity.object
    item = await _find(note.id) if isinstance(note, Note) else None
    if item is None or not isinstance(note, Note) or _is_older(note.updated, item.edited_at):
        return
    draft = EditDraft(body=to_plain(sanitise(note.content)), title=clean_line(note.name or "", 200))
    arrived = await _arrived(note)
    if isinstance(item, Post):
        await actions.edit(incoming.actor, item.id, draft, arrived)
    else:
        await actions.edit_comment(incoming.actor, item.id, draft, arrived)


def _is_older(said: datetime | None, known: datetime | None) -> bool:
    # Our own edited_at is the time of arrival, so only what was said long before counts as old.
    return said is not None and known is not None and said < known


async def receive_delete(incoming: Incoming) -> None:
    """A partner takes their words back: gone here in the same moment."""
    item = await _find(incoming.activity.object_id)
    if item is None or item.deleted_at is not None:
        return
    if isinstance(item, Post):
        await actions.delete(incoming.actor, item.id)
    else:
        await actions.delete_comment(incoming.actor, item.id)


async def receive_restoring(incoming: Incoming) -> None:
    """A partner takes a deletion back: what is still here stands again where it stood."""
    item = await _find(incoming.activity.about_id)
    if item is None or item.deleted_at is None:
        return
    if item.author_id != incoming.actor.id:
        raise NotAllowed(_("This can no longer be brought back."))
    if isinstance(item, Post):
        await actions.restore(incoming.actor, item.id)
    else:
        await actions.restore_comment(incoming.actor, item.id)


async def receive_like(incoming: Incoming) -> None:
    """A reaction; an emoji that is not of our set counts as the first one."""
    target = await _find(incoming.activity.object_id)
    if target is None or await queries.is_waiting(target):
        raise MissingParent("what it likes has not arrived")
    draft = ReactionDraft.model_construct(emoji=_emoji(incoming.activity.content))
    await actions.react(incoming.actor, target.id, draft, uri=incoming.activity.id)


def _emoji(sent: str | None) -> str:
    offered = settings().community.reactions
    return sent if sent in offered else offered[0]


async def receive_unlike(incoming: Incoming) -> None:
    reaction = await Reaction.get_or_none(uri=incoming.activity.object_id)
    if reaction is not None:
        await actions.withdraw(incoming.actor, reaction.target_id, reaction.emoji)


async def _arrived(note: Note) -> Arrived:
    named = [await _person_id(tag.href) for tag in note.mentions]
    return Arrived(uri=note.id, html=note.content, named=tuple(n for n in named if n is not None))


async def _person_id(uri: str) -> int | None:
    local = names.local_id(uri, "people")
    if local is not None:
        return local
    person = await Person.get_or_none(uri=uri)
    return person.id if person else None


async def post_document(post_id: int, partner_id: int) -> Mapping[str, Any] | None:
    """A living post of ours, for a partner whose share of its space is on now."""
    post = await _find(names.object_uri("posts", post_id))
    if not isinstance(post, Post) or post.deleted_at is not None or post.is_waiting:
        return None
    if not await federation.is_shared(post.space_id, partner_id):
        return None
    return (await _note(post)).to_json()


async def comment_document(comment_id: int, partner_id: int) -> Mapping[str, Any] | None:
    comment = await _find(names.object_uri("comments", comment_id))
    if not isinstance(comment, Comment) or comment.deleted_at is not None:
        return None
    post = await Post.get(id=comment.post_id)
    if post.deleted_at is not None or not await federation.is_shared(post.space_id, partner_id):
        return None
    return (await _note(comment)).to_json()
