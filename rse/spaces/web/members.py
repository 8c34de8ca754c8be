"""Who is in a space: the list, its roles, its file."""

from pydantic import BaseModel, Field
from quart import Response, request
from quart.typing import ResponseReturnValue

from rse.identity.current import current_person
from rse.kernel.errors import NotAllowed
from rse.kernel.forms import parse
from rse.kernel.i18n import N_
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import parse_public, to_public
from rse.spaces import actions, exports, queries, rules, surroundings
from rse.spaces.header import ROLE_WORDS, header
from rse.web.render import go, render

from .blueprint import blueprint, page_of

MAKE = {
    "owner": N_("Make owner"),
    "moderator": N_("Make moderator"),
    "member": N_("Make member"),
    "external": N_("Let write"),
    "reader": N_("Let read only"),
}


class RoleDraft(BaseModel):
    role: str = Field(max_length=16)


@blueprint.get("/spaces/<id:space_id>/members")
async def members(space_id: int) -> str:
    reader = current_person()
    view = await queries.readable_space(reader, space_id)
    after = request.args.get("after", "")
    page = await queries.members(space_id, parse_public(after) if after else 0)
    search = request.args.get("q", "").strip()[:80]
    found = await queries.invitable(space_id, search) if search else []
    return await render(
        "spaces/members.html", head=await header(reader, view, "members"), members=page.items,
        next_url=_after(space_id, page.next_cursor),
        waiting=await queries.waiting(space_id) if view.may_moderate else [],
        barred=await queries.barred(space_id) if view.may_moderate else [],
        inside=await surroundings.companies_inside(space_id),
        is_only_owner=view.may_manage and await queries.owner_count(space_id) == 1,
        may_export=rules.may_export(view.membership), roles_for=rules.roles_for,
        role_words={key: _(words) for key, words in ROLE_WORDS.items()},
        make={key: _(words) for key, words in MAKE.items()},
        view=view, search=search, found=found,
    )  # fmt: skip


def _after(space_id: int, cursor: int | None) -> str:
    return page_of(space_id, f"/members?after={to_public(cursor)}") if cursor else ""


@blueprint.get("/spaces/<id:space_id>/members.csv")
async def export(space_id: int) -> ResponseReturnValue:
    """The list of members as a file, for those who answer for the space."""
    view = await queries.readable_space(current_person(), space_id)
    if not rules.may_export(view.membership):
        raise NotAllowed(_("Only owners and moderators of the space can do this."))
    text = exports.members_file(await surroundings.everybody(space_id))
    response = Response("\ufeff" + text, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = (
        f'attachment; filename="members-{to_public(space_id)}.csv"'
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.post("/spaces/<id:space_id>/members/<id:person_id>/role")
async def role(space_id: int, person_id: int) -> ResponseReturnValue:
    draft = await parse(RoleDraft)
    await actions.set_role(current_person(), space_id, person_id, draft.role)
    return go(page_of(space_id, "/members"))


@blueprint.post("/spaces/<id:space_id>/members/<id:person_id>/removal")
async def remove(space_id: int, person_id: int) -> ResponseReturnValue:
    await actions.remove(current_person(), space_id, person_id)
    return go(page_of(space_id, "/members"))


@blueprint.post("/spaces/<id:space_id>/members/<id:person_id>/return")
async def let_back(space_id: int, person_id: int) -> ResponseReturnValue:
    await actions.let_back(current_person(), space_id, person_id)
    return go(page_of(space_id, "/members"))
