"""The chart of who reports to whom, as a tree and as a list."""

from quart import Blueprint, request
from quart.typing import ResponseReturnValue

from rse.identity.current import current_account, current_person
from rse.kernel.errors import RseError
from rse.kernel.forms import parse
from rse.kernel.ids import to_public
from rse.people import actions, queries, rules
from rse.people.drafts import ManagerDraft
from rse.web import go, render
from rse.web.form import Form, refused, typed

blueprint = Blueprint("chart", __name__)


@blueprint.get("/people/chart")
async def company() -> ResponseReturnValue:
    """Where the company begins."""
    current_person()
    return await render("people/chart_tops.html", tops=await queries.tops())


@blueprint.get("/people/<id:person_id>/chart")
async def chart(person_id: int) -> ResponseReturnValue:
    return await _page(person_id, Form())


@blueprint.post("/people/<id:person_id>/manager")
async def choose_manager(person_id: int) -> ResponseReturnValue:
    person = await queries.profile(person_id)
    try:
        await actions.choose_manager(current_account(), person, await parse(ManagerDraft))
    except RseError as error:
        return refused(error, await _page(person_id, await typed(error)))
    return go(f"/people/{to_public(person_id)}/chart")


async def _page(person_id: int, form: Form) -> str:
    editor, person = current_account(), await queries.profile(person_id)
    as_list = request.args.get("view") == "list"
    below, is_cut = await queries.everybody_below(person_id) if as_list else ([], False)
    locked = rules.locked_names(person, [rules.MANAGER])
    handle = f"@{person.manager.handle}" if person.manager else ""
    return await render(
        "people/chart_list.html" if as_list else "people/chart.html",
        person=person,
        chart=await queries.chart_of(person),
        below=below,
        is_cut=is_cut,
        form=form if form.values else Form({"manager": handle}),
        may_choose=rules.may_set_manager(editor, person),
        reason=actions.locked_sentence(locked[rules.MANAGER]) if locked else "",
    )
