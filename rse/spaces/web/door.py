"""The door of a space: its rules and questions, joining, asking, inviting, leaving."""

from quart import request
from quart.typing import ResponseReturnValue

from rse.identity.current import current_person
from rse.kernel.errors import Invalid
from rse.kernel.forms import parse
from rse.spaces import actions, queries
from rse.spaces.drafts import RequestDraft
from rse.spaces.header import header
from rse.web.render import go, render

from .blueprint import blueprint, page_of


@blueprint.get("/spaces/<id:space_id>/joining")
async def joining(space_id: int) -> str:
    """What one should know before coming in, and what the owners ask."""
    return await _joining(space_id, {}, "", [])


async def _joining(space_id: int, fields: dict[str, str], message: str, answers: list[str]) -> str:
    reader = current_person()
    view = await queries.space_for(reader, space_id)
    return await render(
        "spaces/joining.html", head=await header(reader, view, ""), fields=fields,
        message=message, answers=answers,
    )  # fmt: skip


@blueprint.post("/spaces/<id:space_id>/membership")
async def join(space_id: int) -> ResponseReturnValue:
    await actions.join(current_person(), space_id)
    return go(page_of(space_id))


@blueprint.post("/spaces/<id:space_id>/leaving")
async def leave(space_id: int) -> ResponseReturnValue:
    await actions.leave(current_person(), space_id)
    return go("/spaces")


@blueprint.post("/spaces/<id:space_id>/requests")
async def ask(space_id: int) -> ResponseReturnValue:
    try:
        draft = await parse(RequestDraft)
        await actions.request_access(current_person(), space_id, draft.message, draft.answers)
    except Invalid as error:
        form = await request.form
        page = await _joining(
            space_id, error.fields, form.get("message", ""), form.getlist("answers")
        )
        return page, error.status
    return go(page_of(space_id))


@blueprint.post("/spaces/<id:space_id>/requests/<id:person_id>")
async def answer(space_id: int, person_id: int) -> ResponseReturnValue:
    """Let in or refuse, as the button pressed says."""
    form = await request.form
    decide = actions.accept_request if form.get("answer") == "accept" else actions.refuse_request
    await decide(current_person(), space_id, person_id)
    return go(page_of(space_id, "/members"))


@blueprint.post("/spaces/<id:space_id>/invitations/<id:person_id>")
async def invite(space_id: int, person_id: int) -> ResponseReturnValue:
    await actions.invite(current_person(), space_id, person_id)
    return go(page_of(space_id, "/members"))
