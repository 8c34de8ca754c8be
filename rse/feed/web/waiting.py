"""Posts that wait for a moderator: seen by their author, decided about by who moderates."""

from quart import request
from quart.typing import ResponseReturnValue

from rse.feed import actions, waiting
from rse.feed.actions import RefusalDraft
from rse.files.queries import files_of
from rse.identity.current import current_person
from rse.kernel.errors import Invalid
from rse.kernel.forms import parse
from rse.kernel.ids import to_public
from rse.spaces import queries as spaces
from rse.spaces.header import header
from rse.web.render import go, render

from .blueprint import blueprint


@blueprint.get("/spaces/<id:space_id>/waiting")
async def waiting_posts(space_id: int) -> str:
    return await _page(space_id)


async def _page(space_id: int, *, refused: str = "", value: str = "", error: str = "") -> str:
    reader = current_person()
    view = await spaces.readable_space(reader, space_id)
    found = await waiting.queue(reader, view)
    return await render(
        "feed/waiting.html", head=await header(reader, view, "feed"), waiting=found, me=reader,
        files=await files_of([row.post_id for row in found]),
        may_decide=view.may_moderate, refused=refused, value=value, error=error,
    )  # fmt: skip


@blueprint.post("/posts/<id:post_id>/acceptance")
async def accept(post_id: int) -> ResponseReturnValue:
    version = str((await request.form).get("version", ""))
    seen = int(version) if version.isdigit() else 0
    post = await actions.accept(current_person(), post_id, seen)
    return go(f"/spaces/{to_public(post.space_id)}/waiting")


@blueprint.post("/posts/<id:post_id>/refusal")
async def refuse(post_id: int) -> ResponseReturnValue:
    """Give it back with a reason; without one, the queue says what is missing."""
    moderator = current_person()
    post = await waiting.to_review(moderator, post_id)
    try:
        await actions.refuse(moderator, post_id, await parse(RefusalDraft))
    except Invalid as error:
        form = await request.form
        page = await _page(
            post.space_id, refused=to_public(post_id), value=form.get("reason", ""),
            error=error.fields.get("reason", error.message),
        )  # fmt: skip
        return page, error.status
    return go(f"/spaces/{to_public(post.space_id)}/waiting")
