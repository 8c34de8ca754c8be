"""Comments: written, edited, deleted."""

from quart import request
from quart.typing import ResponseReturnValue

from rse.feed import actions, queries
from rse.feed.conversation import Place
from rse.feed.drafts import CommentDraft, EditDraft
from rse.feed.rules import comment_url
from rse.files.uploads import kept, uploads
from rse.identity.current import current_person
from rse.identity.models import Person
from rse.kernel.errors import Conflict, Invalid, RseError
from rse.kernel.forms import parse
from rse.kernel.ids import to_public
from rse.web.render import fragment_wanted, go, partial, render

from .blueprint import blueprint
from .composing import check_readable
from .thread import place_of_comment, thread


@blueprint.post("/posts/<id:post_id>/comments")
async def create_comment(post_id: int) -> ResponseReturnValue:
    """Comment. What was typed comes back when it is refused."""
    author = current_person()
    form = await request.form
    try:
        check_readable(form)
        draft = await parse(CommentDraft)
        draft.files = await uploads(author)
        made = await actions.comment(author, post_id, draft)
    except RseError as error:
        fields = error.fields if isinstance(error, Invalid) else {}
        context = await thread(author, post_id, Place())
        page = await render(
            "feed/post.html", **context, value=form.get("body", ""), files=await kept(author),
            answers=form.get("parent", ""), error=fields.get("body", error.message),
            typed_key=form.get("key", ""),
        )  # fmt: skip
        return page, error.status
    if fragment_wanted():
        place = await place_of_comment(made)
        return await partial("feed/_thread.html", **await thread(author, post_id, place))
    return go(comment_url(post_id, made.id))


@blueprint.get("/comments/<id:comment_id>/edit")
async def comment_form(comment_id: int) -> str:
    return await _form(current_person(), comment_id)


async def _form(editor: Person, comment_id: int, error: RseError | None = None) -> str:
    """The form, with what was typed; after a conflict beside what it says now."""
    found, view = await queries.comment_for(editor, comment_id)
    return await render(
        "feed/edit_comment.html", comment=found, space=view.space,
        value=(await request.form).get("body", found.source),
        error=error.message if error else "",
        present=found.html if isinstance(error, Conflict) else "",
        back=comment_url(found.post_id, comment_id),
    )  # fmt: skip


@blueprint.post("/comments/<id:comment_id>/edit")
async def edit_comment(comment_id: int) -> ResponseReturnValue:
    editor = current_person()
    try:
        saved = await actions.edit_comment(editor, comment_id, await parse(EditDraft))
    except RseError as error:
        return await _form(editor, comment_id, error), error.status
    return go(comment_url(saved.post_id, comment_id))


@blueprint.post("/comments/<id:comment_id>/deletion")
async def delete_comment(comment_id: int) -> ResponseReturnValue:
    found, _view = await queries.comment_for(current_person(), comment_id)
    await actions.delete_comment(current_person(), comment_id)
    return go(f"/posts/{to_public(found.post_id)}")
