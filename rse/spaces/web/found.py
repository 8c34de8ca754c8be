"""Spaces are found, made, and say what they are about."""

from collections.abc import Mapping
from typing import Any

from quart import request
from quart.typing import ResponseReturnValue

from rse.federation import queries as federation
from rse.identity.current import current_person
from rse.kernel.errors import Invalid, NotFound
from rse.kernel.forms import parse
from rse.kernel.i18n import N_
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import parse_public, to_public
from rse.kernel.pages import NEWEST
from rse.spaces import actions, queries, rules, surroundings, templates
from rse.spaces.drafts import SpaceDraft
from rse.spaces.header import ACCESS_WORDS, header
from rse.web.render import go, render

from .blueprint import blueprint, page_of

ACCESS_HELP = (
    ("open", N_("Everybody in the company can read and join.")),
    ("request", N_("Everybody can find it; owners decide who joins.")),
    ("invitation", N_("Everybody can find it; only invited people join.")),
    ("secret", N_("Only members and invited people know it exists.")),
)


def access_choices() -> list[tuple[str, str, str]]:
    return [(key, _(ACCESS_WORDS[key]), _(words)) for key, words in ACCESS_HELP]


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
        shared=await federation.partner_names(),
        is_admin=await templates.is_admin(reader),
    )  # fmt: skip


@blueprint.get("/spaces/new")
async def new() -> str:
    """The choice of a template; with one chosen, or none, the form."""
    chosen = request.args.get("template")
    if chosen is None:
        return await render(
            "spaces/choose.html", choices=await templates.choices(),
            parent=request.args.get("parent", "")[:20],
        )  # fmt: skip
    draft = templates.draft_of(await templates.chosen(chosen)) if chosen else None
    return await _form(
        SpaceDraft.model_construct(
            name="", description=draft.description if draft else "",
            access=draft.access if draft else "open", category=draft.category if draft else 1,
            parent=request.args.get("parent", "")[:20], template=chosen,
        )
    )  # fmt: skip


async def _form(draft: SpaceDraft, fields: Mapping[str, str] | None = None) -> str:
    template = await templates.chosen(draft.template) if draft.template else None
    return await render(
        "spaces/form.html", draft=draft, fields=fields or {}, access=access_choices(),
        template=template, places=await place_options(draft.parent or ""),
    )  # fmt: skip


async def place_options(present: str, besides: int = 0) -> list[tuple[str, str]]:
    """Where the reader may put a space: on its own, or under one of theirs."""
    found = await surroundings.places_for_parts(current_person())
    options = [(to_public(s.id), s.name) for s in found if s.id != besides]
    if present and present not in {key for key, _name in options}:
        options.append((present, _("where it is now")))
    return [("", _("On its own")), *options] if options else []


@blueprint.post("/spaces")
async def create() -> ResponseReturnValue:
    try:
        space = await actions.create(current_person(), await parse(SpaceDraft))
    except Invalid as error:
        draft = SpaceDraft.model_construct(**typed(await request.form))
        return await _form(draft, error.fields), error.status
    return go(page_of(space.id))


def typed(form: Mapping[str, str]) -> dict[str, Any]:
    """What was typed, as it was: for showing the form again."""
    category = form.get("category", "1")
    return {
        "name": form.get("name", ""), "description": form.get("description", ""),
        "access": form.get("access", "open"), "parent": form.get("parent", ""),
        "template": form.get("template", ""),
        "category": int(category) if category.isdigit() else 1,
    }  # fmt: skip


@blueprint.get("/spaces/<id:space_id>/about")
async def about(space_id: int) -> str:
    reader = current_person()
    view = await queries.space_for(reader, space_id)
    readable = rules.may_read(reader, view.space, view.membership)
    return await render(
        "spaces/about.html", head=await header(reader, view, "about"), readable=readable,
        inside=await surroundings.companies_inside(space_id) if readable else [],
    )  # fmt: skip


@blueprint.get("/spaces/ownerless")
async def ownerless() -> str:
    """For administrators: spaces that nobody can manage any more."""
    return await render("spaces/ownerless.html", spaces=await actions.ownerless(current_person()))


@blueprint.post("/spaces/<id:space_id>/adoption")
async def adopt(space_id: int) -> ResponseReturnValue:
    await actions.adopt(current_person(), space_id)
    return go(page_of(space_id, "/members"))
