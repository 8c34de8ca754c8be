"""Comments: written, edited, deleted."""

from quart import request
from quart.typing import ResponseReturnValue

from rse.feed import actions, queries
from rse.feed.drafts import CommentDraft, EditDraft
from rse.files.uploads import kept, uploads
from rse.identity.current import current_person
from rse.kernel.errors import Invalid, RseError
from rse.kernel.forms import parse
from rse.kernel.ids import to_public
from rse.web.render import fragment_wanted, go, partial, render

from .blueprint import blueprint
from .composing import check_readable
from .posts import _thread


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
        context = await _thread(author, post_id)
        page = await render(
            "feed/post.html", **context, value=form.get("body", ""), files=await kept(author),
            answers=form.get("parent", ""), error=fields.get("body", error.message),
            typed_key=form.get("key", ""),
        )  # fmt: skip
        return page, error.status
    if fragment_wanted():
        return await partial("feed/_thread.html", **await _thread(author, post_id))
    return go(f"/posts/{to_public(post_id)}#c-{to_public(made.id)}")


@blueprint.get("/comments/<id:comment_id>/edit")
async def comment_form(comment_id: int) -> str:
    found, view = await queries.comment_for(current_person(), comment_id)
    return await render(
        "feed/edit_comment.html", comment=found, space=view.space, value=found.source, error=""
    )


@blueprint.post("/comments/<id:comment_id>/edit")
async def edit_comment(comment_id: int) -> ResponseReturnValue:
    editor = current_person()
    form = await request.form
    found, view = await queries.comment_for(editor, comment_id)
    try:
        await actions.edit_comment(editor, comment_id, await parse(EditDraft))
    except RseError as error:
        page = await render(
            "feed/edit_comment.html", comment=found, space=view.space, value=form.get("body", ""),
            error=error.message,
        )  # fmt: skip
        return page, error.status
    return go(f"/posts/{to_public(found.post_id)}#c-{to_public(comment_id)}")


@blueprint.post("/comments/<id:comment_id>/deletion")
async def delete_comment(comment_id: int) -> ResponseReturnValue:
    found, _view = await queries.comment_for(current_person(), comment_id)
    await actions.delete_comment(current_person(), comment_id)
    return go(f"/posts/{to_public(found.post_id)}")
