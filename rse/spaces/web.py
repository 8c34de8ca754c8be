"""The pages of spaces: found, made, joined, managed. Their feed is the feed's page."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, Field
from quart import Blueprint, request
from quart.typing import ResponseReturnValue

from rse.identity.current import current_person
from rse.kernel.errors import Invalid, NotAllowed, NotFound
from rse.kernel.forms import parse
from rse.kernel.i18n import N_
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import parse_public, to_public
from rse.kernel.pages import NEWEST
from rse.web.render import go, render

from . import actions, queries, rules
from .actions import SpaceDraft
from .header import ACCESS_WORDS, header

blueprint = Blueprint("spaces", __name__)

ACCESS_HELP = (
    ("open", N_("Everybody in the company can read and join.")),
    ("request", N_("Everybody can find it; owners decide who joins.")),
    ("invitation", N_("Everybody can find it; only invited people join.")),
    ("secret", N_("Only members and invited people know it exists.")),
)


class RoleDraft(BaseModel):
    role: Literal["owner", "moderator", "member"]


class MessageDraft(BaseModel):
    message: str = Field("", max_length=500)


def page_of(space_id: int, tab: str = "") -> str:
    return f"/spaces/{to_public(space_id)}{tab}"


@blueprint.get("/spaces")
async def index() -> str:
    """Discover the spaces one may see."""
    reader, search = current_person(), request.args.get("q", "").strip()[:80]
    try:
        before = parse_public(request.args.get("before", ""))
    except NotFound:
        before = NEWEST
    page = await queries.directory(reader, search=search, cursor=before)
    next_url = (
        f"/spaces?q={search}&before={to_public(page.next_cursor)}" if page.next_cursor else ""
    )
    return await render(
        "spaces/index.html", views=page.items, search=search, next_url=next_url,
        access={key: _(words) for key, words in ACCESS_WORDS.items()}, rules=rules, reader=reader,
    )  # fmt: skip


@blueprint.get("/spaces/new")
async def new() -> str:
    return await _form(
        SpaceDraft.model_construct(name="", description="", access="open", category=1)
    )


async def _form(draft: SpaceDraft, fields: dict[str, str] | None = None, **context: object) -> str:
    access = [(key, _(ACCESS_WORDS[key]), _(words)) for key, words in ACCESS_HELP]
    return await render(
        "spaces/form.html", draft=draft, fields=fields or {}, access=access, **context
    )


@blueprint.post("/spaces")
async def create() -> ResponseReturnValue:
    try:
        space = await actions.create(current_person(), await parse(SpaceDraft))
    except Invalid as error:
        form = await request.form
        return await _form(SpaceDraft.model_construct(**_typed(form)), error.fields), error.status
    return go(page_of(space.id))


def _typed(form: Mapping[str, str]) -> dict[str, Any]:
    """What was typed, as it was: for showing the form again."""
    category = form.get("category", "1")
    return {
        "name": form.get("name", ""), "description": form.get("description", ""),
        "access": form.get("access", "open"),
        "category": int(category) if category.isdigit() else 1,
    }  # fmt: skip


@blueprint.get("/spaces/<id:space_id>/settings")
async def settings_page(space_id: int) -> str:
    owner = current_person()
    view = await queries.space_for(owner, space_id)
    if not view.may_manage:
        raise NotAllowed(_("Only owners of the space can change it."))
    return await _form(
        SpaceDraft.model_construct(**{k: getattr(view.space, k) for k in SpaceDraft.model_fields}),
        head=await header(owner, view, "settings"),
    )


@blueprint.post("/spaces/<id:space_id>/settings")
async def change(space_id: int) -> ResponseReturnValue:
    owner = current_person()
    try:
        await actions.change_space(owner, space_id, await parse(SpaceDraft))
    except Invalid as error:
        view = await queries.space_for(owner, space_id)
        draft = SpaceDraft.model_construct(**_typed(await request.form))
        head = await header(owner, view, "settings")
        return await _form(draft, error.fields, head=head), error.status
    return go(page_of(space_id))


@blueprint.post("/spaces/<id:space_id>/archive")
async def archive(space_id: int) -> ResponseReturnValue:
    form = await request.form
    await actions.archive(current_person(), space_id, archived=form.get("archived") == "yes")
    return go(page_of(space_id))


@blueprint.get("/spaces/<id:space_id>/about")
async def about(space_id: int) -> str:
    reader = current_person()
    view = await queries.space_for(reader, space_id)
    return await render("spaces/about.html", head=await header(reader, view, "about"))


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
        view=view, search=search, found=found,
    )  # fmt: skip


def _after(space_id: int, cursor: int | None) -> str:
    return page_of(space_id, f"/members?after={to_public(cursor)}") if cursor else ""


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
    draft = await parse(MessageDraft)
    await actions.request_access(current_person(), space_id, draft.message)
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


@blueprint.post("/spaces/<id:space_id>/members/<id:person_id>/role")
async def role(space_id: int, person_id: int) -> ResponseReturnValue:
    draft = await parse(RoleDraft)
    await actions.set_role(current_person(), space_id, person_id, draft.role)
    return go(page_of(space_id, "/members"))


@blueprint.post("/spaces/<id:space_id>/members/<id:person_id>/removal")
async def remove(space_id: int, person_id: int) -> ResponseReturnValue:
    await actions.remove(current_person(), space_id, person_id)
    return go(page_of(space_id, "/members"))
