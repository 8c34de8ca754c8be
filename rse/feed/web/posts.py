"""One post: written, read, edited, deleted, brought back; its history and reactions."""

from quart import request
from quart.typing import ResponseReturnValue

from rse.feed import actions, queries, rules
from rse.feed.audience import choice, choices
from rse.feed.cards import CommentView, threads
from rse.feed.drafts import EditDraft, PostDraft, ReactionDraft
from rse.feed.models import Post
from rse.feed.rows import CommentRow
from rse.feed.sockets import edit_pages
from rse.files.queries import files_of
from rse.files.uploads import uploads
from rse.identity.current import current_person
from rse.identity.models import Person
from rse.kernel.errors import Invalid, RseError
from rse.kernel.forms import parse
from rse.kernel.ids import to_public
from rse.kernel.pages import Page
from rse.notifications import mark_read
from rse.notifications.queries import thread_of
from rse.spaces import rules as space_rules
from rse.spaces.refusals import why_not_comment
from rse.web.render import fragment_wanted, go, only_prefetched, partial, render, respond

from .blueprint import blueprint, list_of_cards


@blueprint.post("/posts")
async def create() -> ResponseReturnValue:
    """Publish. What was typed comes back when it is refused."""
    author = current_person()
    form = await request.form
    try:
        draft = await parse(PostDraft)
        draft.files = await uploads(author)
        post = await actions.publish(author, draft)
    except RseError as error:
        fields = error.fields if isinstance(error, Invalid) else {}
        page = await render(
            "feed/compose.html", error=error.message, fields=fields, value=form.get("body", ""),
            title=form.get("title", ""), space=form.get("space", ""),
            choices=await choices(author), had_files=bool(await request.files),
        )  # fmt: skip
        return page, error.status
    return go(_after(form.get("back", ""), post))


def _after(place: str, post: Post) -> str:
    """Where the writer came from; or, when a moderator decides first, where one sees it wait."""
    if post.is_waiting:
        return f"/spaces/{to_public(post.space_id)}/waiting#post-{to_public(post.id)}"
    return _back(place, to_public(post.id))


def _back(place: str, post: str) -> str:
    """Where the writer came from, when that is a page of ours."""
    return f"{place}#post-{post}" if place.startswith("/") else f"/#post-{post}"


@blueprint.get("/posts/<id:post_id>")
async def show(post_id: int) -> ResponseReturnValue:
    """The post with all its comments."""
    reader = current_person()
    context = await _thread(reader, post_id)
    told = await thread_of(reader.id, post_id)
    if told.unread and not only_prefetched():
        await mark_read(reader.id, thread_id=post_id)
    return await respond(
        page="feed/post.html", fragment="feed/_thread.html", level=told.level or "", **context
    )


async def _thread(reader: Person, post_id: int) -> dict[str, object]:
    post, view = await queries.post_for(reader, post_id)
    [card] = await list_of_cards(
        reader, Page([post_id]), moderated={post.space_id: view.may_moderate}
    )
    comments = await comment_views(reader, post_id, moderates=view.may_moderate)
    return {
        "card": card,
        "threads": threads(comments),
        "space": view.space,
        "may_write": space_rules.may_comment(reader, view.space, view.membership),
        "why_not": why_not_comment(view.space, view.membership),
        "audience": await choice(view.space),
    }


async def comment_views(reader: Person, post_id: int, *, moderates: bool) -> list[CommentView]:
    """The comments of a post for one reader."""
    rows = await _all_comments(post_id)
    mine = await queries.own_reactions(reader.id, [row.id for row in rows])
    files = (await files_of([post_id])).get(post_id, [])
    return [
        CommentView(
            row=row,
            mine={emoji for target, emoji in mine if target == row.id},
            is_own=row.author_id == reader.id,
            may_delete=row.author_id == reader.id or (moderates and bool(row.is_ours)),
            files=[file for file in files if file.comment_id == row.id],
        )
        for row in rows
    ]


async def _all_comments(post_id: int) -> list[CommentRow]:
    """Every comment: the one that was just written stands last and must be there."""
    page = await queries.comments_of(post_id)
    rows = list(page.items)
    while page.next_cursor:
        page = await queries.comments_of(post_id, after=page.next_cursor)
        rows += page.items
    return rows


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
    post, view = await queries.own_post(editor, post_id)
    if elsewhere := edit_pages.get(post.kind):
        return go(f"/{elsewhere}/{to_public(post_id)}/edit")
    return await render(
        "feed/edit.html", post=post, space=view.space, value=post.source, title=post.title,
        version=post.version, error="", fields={},
        allowed=rules.may_edit(editor, post, view.space, view.membership),
    )  # fmt: skip


@blueprint.post("/posts/<id:post_id>/edit")
async def edit(post_id: int) -> ResponseReturnValue:
    """Save new words; a change made elsewhere meanwhile keeps both."""
    editor = current_person()
    form = await request.form
    try:
        saved = await actions.edit(editor, post_id, await parse(EditDraft))
    except RseError as error:
        post, view = await queries.own_post(editor, post_id)
        fields = error.fields if isinstance(error, Invalid) else {}
        page = await render(
            "feed/edit.html", post=post, space=view.space, value=form.get("body", ""),
            title=form.get("title", ""), version=post.version, error=error.message, fields=fields,
            allowed=True,
        )  # fmt: skip
        return page, error.status
    return go(_after(f"/posts/{to_public(post_id)}", saved))


@blueprint.get("/posts/<id:target_id>/history")
async def history(target_id: int) -> str:
    """What a post or comment said before, and who changed it."""
    reader = current_person()
    versions = await queries.history_of(reader, target_id)
    target, view = await queries.target_for(reader, target_id)
    return await render("feed/history.html", versions=versions, target=target, space=view.space)


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
    post_id = getattr(target, "post_id", target_id)
    return go(f"/posts/{to_public(post_id)}")
