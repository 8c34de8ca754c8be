"""One post: written, edited, deleted, brought back; its history and reactions."""

from itertools import pairwise
from urllib.parse import urlencode

from quart import request
from quart.typing import ResponseReturnValue

from rse.feed import actions, conversation, queries, rules
from rse.feed.differences import differences
from rse.feed.drafts import EditDraft, PostDraft, ReactionDraft
from rse.feed.models import Comment, Post
from rse.feed.sockets import edit_pages
from rse.files.uploads import uploads
from rse.identity.current import current_person
from rse.identity.models import Person
from rse.kernel.errors import Conflict, Invalid, NotFound, RseError
from rse.kernel.forms import parse
from rse.kernel.ids import parse_public, to_public
from rse.kernel.pages import Page
from rse.kernel.text import to_plain
from rse.web.render import fragment_wanted, go, partial, render

from .blueprint import blueprint, list_of_cards
from .composing import check_readable, refused


@blueprint.post("/posts")
async def create() -> ResponseReturnValue:
    """Publish. What was typed comes back when it is refused."""
    author = current_person()
    form = await request.form
    try:
        check_readable(form)
        draft = await parse(PostDraft)
        draft.files = await uploads(author)
        post = await actions.publish(author, draft)
    except RseError as error:
        return await refused(author, error)
    return go(_after(form.get("back", ""), post))


def _after(place: str, post: Post) -> str:
    """Where the writer came from; or, when a moderator decides first, where one sees it wait."""
    if post.is_waiting:
        return f"/spaces/{to_public(post.space_id)}/waiting#post-{to_public(post.id)}"
    return _back(place, to_public(post.id))


def _back(place: str, post: str) -> str:
    """Where the writer came from, when that is a page of ours."""
    return f"{place}#post-{post}" if place.startswith("/") else f"/#post-{post}"


@blueprint.get("/posts/<id:post_id>/card")
async def card(post_id: int) -> str:
    """The card alone, for a page that was told it changed."""
    reader = current_person()
    post, view = await queries.post_for(reader, post_id)
    [found] = await list_of_cards(
        reader, Page([post_id]), moderated={post.space_id: view.may_moderate}
    )
    return await partial("feed/_card.html", card=found)


@blueprint.get("/posts/<id:post_id>/edit")
async def edit_form(post_id: int) -> ResponseReturnValue:
    editor = current_person()
    post, _view = await queries.own_post(editor, post_id)
    if elsewhere := edit_pages.get(post.kind):
        return go(f"/{elsewhere}/{to_public(post_id)}/edit")
    return await _edit_page(editor, post_id)


async def _edit_page(editor: Person, post_id: int, error: RseError | None = None) -> str:
    """The form, with what was typed; after a conflict beside what it says now."""
    post, view = await queries.own_post(editor, post_id)
    form = await request.form
    author = await queries.author_of(post)
    return await render(
        "feed/edit.html", post=post, space=view.space, error=error.message if error else "",
        value=form.get("body", post.source), title=form.get("title", post.title),
        version=post.version, fields=error.fields if isinstance(error, Invalid) else {},
        present=post.html if isinstance(error, Conflict) else "",
        allowed=rules.may_edit(editor, post, view.space, view.membership, author),
        by_moderator=post.author_id != editor.id,
    )  # fmt: skip


@blueprint.post("/posts/<id:post_id>/edit")
async def edit(post_id: int) -> ResponseReturnValue:
    """Save new words; a change made elsewhere meanwhile keeps both."""
    editor = current_person()
    try:
        saved = await actions.edit(editor, post_id, await parse(EditDraft))
    except RseError as error:
        return await _edit_page(editor, post_id, error), error.status
    return go(_after(f"/posts/{to_public(post_id)}", saved))


@blueprint.get("/posts/<id:target_id>/history")
async def history(target_id: int) -> str:
    """What a post or comment said before, and who changed it."""
    reader = current_person()
    versions = await queries.history_of(reader, target_id)
    target, view = await queries.target_for(reader, target_id)
    texts = [to_plain(words.html) for words in (target, *versions)]
    changes = [differences(old, new) for new, old in pairwise(texts)]
    return await render(
        "feed/history.html", versions=list(zip(versions, changes, strict=True)), target=target,
        space=view.space,
    )  # fmt: skip


@blueprint.post("/posts/<id:post_id>/deletion")
async def delete(post_id: int) -> ResponseReturnValue:
    """Delete; the next page offers to undo it."""
    await actions.delete(current_person(), post_id)
    return go(f"/posts/{to_public(post_id)}/deleted")


@blueprint.get("/posts/<id:post_id>/deleted")
async def deleted(post_id: int) -> str:
    post = await queries.deleted_post(current_person(), post_id)
    return await render("feed/deleted.html", post=post, days=rules.RESTORABLE.days)


@blueprint.post("/posts/<id:post_id>/restoration")
async def restore(post_id: int) -> ResponseReturnValue:
    await actions.restore(current_person(), post_id)
    return go(f"/posts/{to_public(post_id)}")


@blueprint.get("/trash")
async def trash() -> str:
    """What one deleted and may still bring back."""
    return await render("feed/trash.html", posts=await queries.trash_of(current_person().id))


@blueprint.post("/reactions/<id:target_id>")
async def react(target_id: int) -> ResponseReturnValue:
    """Put an emoji, or take one's own back."""
    person = current_person()
    form = await request.form
    emoji = str(form.get("emoji", ""))
    if (target_id, emoji) in await queries.own_reactions(person.id, [target_id]):
        await actions.withdraw(person, target_id, emoji)
    else:
        await actions.react(person, target_id, await parse(ReactionDraft))
    target, _view = await queries.target_for(person, target_id)
    if fragment_wanted():
        mine = {e for _target, e in await queries.own_reactions(person.id, [target_id])}
        return await partial(
            "feed/_reactions.html", id=target_id, counts=target.reaction_counts, mine=mine
        )
    if isinstance(target, Comment):
        return go(rules.comment_url(target.post_id, target_id))
    return go(f"/posts/{to_public(target_id)}")


@blueprint.get("/reactions/<id:target_id>")
async def reactors(target_id: int) -> str:
    """Who reacted to a post or comment, for whoever may read it."""
    target, view = await queries.target_for(current_person(), target_id)
    try:
        after = parse_public(request.args.get("after", ""))
    except NotFound:
        after = 0
    emoji = request.args.get("emoji", "")[:16]
    found, has_more = await conversation.reactors(target_id, (after, emoji))
    more = {"after": to_public(found[-1].person_id), "emoji": found[-1].emoji} if has_more else {}
    return await render(
        "feed/reactors.html", reactors=found, space=view.space,
        back=rules.comment_url(target.post_id, target_id)
        if isinstance(target, Comment)
        else f"/posts/{to_public(target_id)}",
        next_url=f"/reactions/{to_public(target_id)}?{urlencode(more)}" if more else "",
    )  # fmt: skip
