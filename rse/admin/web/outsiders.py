"""One person of a partner: who they are, where they are, and what may be done about it."""

from quart import Blueprint
from quart.typing import ResponseReturnValue

from rse.admin import rules
from rse.admin.actions import outsiders as actions
from rse.admin.drafts import ReasonDraft
from rse.admin.queries import outsiders as queries
from rse.identity.current import current_account
from rse.kernel.errors import RseError
from rse.kernel.forms import parse
from rse.kernel.ids import to_public
from rse.web import go, render
from rse.web.form import Form, refused, typed

blueprint = Blueprint("outsiders", __name__)
ACTS = {"off": actions.keep_out, "on": actions.let_in}


@blueprint.post("/admin/outsiders/<id:person_id>/<any(on, off):turn>")
async def change(person_id: int, turn: str) -> ResponseReturnValue:
    found = await queries.outsider(person_id)
    try:
        await ACTS[turn](current_account(), found.person, (await parse(ReasonDraft)).reason)
    except RseError as error:
        return refused(error, await page(person_id, await typed(error)))
    return go(f"/admin/members/{to_public(person_id)}")


async def page(person_id: int, form: Form | None = None) -> str:
    found = await queries.outsider(person_id)
    return await render(
        "admin/outsider.html", found=found, person=found.person,
        may_enable=rules.may_enable(found.person), form=form or Form(),
    )  # fmt: skip
