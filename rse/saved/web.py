"""The searches one keeps: the list, and the form beside the results."""

from quart import Blueprint, request
from quart.typing import ResponseReturnValue

from rse.identity.current import current_person
from rse.kernel.errors import RseError
from rse.kernel.forms import parse
from rse.web.form import Form, refused, typed
from rse.web.render import go, render

from . import actions, queries
from .drafts import SavedSearchDraft

blueprint = Blueprint("saved", __name__)
HERE = "/search/saved"


@blueprint.get(HERE)
async def index() -> str:
    return await render("saved/index.html", searches=await queries.own(current_person()))


@blueprint.get("/search/saved/new")
async def new() -> str:
    """Keep what was just searched for; its address comes along."""
    address = f"/search?{request.query_string.decode('ascii', 'replace')}"
    name = request.args.get("q", "")[:120]
    return await _form(Form({"name": name, "search": address, "alert": "on"}))


@blueprint.post(HERE)
async def create() -> ResponseReturnValue:
    try:
        await actions.keep(current_person(), await parse(SavedSearchDraft))
    except RseError as error:
        return refused(error, await _form(await typed(error)))
    return go(HERE)


async def _form(form: Form) -> str:
    return await render("saved/form.html", form=form)


@blueprint.post("/search/saved/<id:saved_id>/alert")
async def set_alert(saved_id: int) -> ResponseReturnValue:
    alert = (await request.form).get("alert") == "on"
    await actions.set_alert(current_person(), saved_id, alert=alert)
    return go(HERE)


@blueprint.post("/search/saved/<id:saved_id>/removal")
async def remove(saved_id: int) -> ResponseReturnValue:
    await actions.forget(current_person(), saved_id)
    return go(HERE)
