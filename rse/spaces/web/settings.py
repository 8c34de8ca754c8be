"""The settings of a space, in four short pages, and its cover."""

from collections.abc import Mapping
from typing import Any

from quart import Response, request
from quart.typing import ResponseReturnValue

from rse.identity.current import current_person
from rse.kernel.errors import Invalid, NotFound
from rse.kernel.forms import parse
from rse.kernel.i18n import N_
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import to_public
from rse.kernel.storage import blobs
from rse.spaces import actions, queries
from rse.spaces.drafts import DoorDraft, SpaceDraft, TemplateDraft, WritingDraft
from rse.spaces.header import header
from rse.spaces.models import Space
from rse.spaces.offers import is_offered, offers
from rse.spaces.queries import SpaceView
from rse.web.render import go, render

from .blueprint import blueprint, page_of
from .found import access_choices, place_options, typed

FOR_EVER = "private, max-age=31536000, immutable"
SECTIONS = (
    ("", N_("General")), ("/door", N_("Joining")), ("/writing", N_("Writing")),
    ("/more", N_("Archive and template")),
)  # fmt: skip
POSTING = (
    ("members", N_("Every member posts"), N_("What is written appears at once.")),
    (
        "approval", N_("Every member posts, a moderator reads first"),
        N_("A post is shown to nobody before a moderator publishes it."),
    ),
    (
        "moderators", N_("Only owners and moderators post"),
        N_("For news. The others read, and comment where comments are open."),
    ),
)  # fmt: skip


async def _section(
    space_id: int, section: str, *, fields: Mapping[str, str] | None = None, **context: object
) -> str:
    owner = current_person()
    view = await actions.managed(owner, space_id)
    tabs = [
        (_(label), page_of(space_id, f"/settings{path}"), path == section)
        for path, label in SECTIONS
        if path != "/writing" or view.space.uri is None
    ]
    context = {**await _stored(section, view), **context}
    return await render(
        f"spaces/settings{section.replace('/', '_')}.html", sections=tabs, fields=fields or {},
        head=await header(owner, view, "settings"), **context,
    )  # fmt: skip


async def _stored(section: str, view: SpaceView) -> dict[str, Any]:
    """What a section shows when nothing was typed yet."""
    space, draft = view.space, draft_of_space(view.space)
    if section == "/writing":
        return {"draft": draft, **writing_choices()}
    if section:
        return {"draft": draft}
    parent = to_public(space.parent_id) if space.parent_id else ""
    general = SpaceDraft.model_construct(
        **{**_words(space, "name", "description", "access", "category"), "parent": parent}
    )
    places = [] if space.is_company or space.uri else await place_options(parent, space.id)
    return {"draft": general, "access": access_choices(), "places": places}


def draft_of_space(space: Space) -> TemplateDraft:
    """How a space is set up, as forms show it."""
    return TemplateDraft.model_construct(
        **{
            **_words(space, "name", "description", "access", "category"),
            **_words(space, "rules_text", "entry_role", "posting", "members_comment"),
            "questions": "\n".join(space.questions),
            "offered": [name for name in offers if is_offered(space, name)],
        }
    )


def _words(space: Space, *names: str) -> dict[str, Any]:
    return {name: getattr(space, name) for name in names}


def writing_choices() -> dict[str, Any]:
    return {
        "posting": [(key, _(label), _(help_)) for key, label, help_ in POSTING],
        "offers": [(name, _(label)) for name, label in offers.items()],
    }


@blueprint.get("/spaces/<id:space_id>/settings")
async def settings_page(space_id: int) -> str:
    return await _section(space_id, "")


@blueprint.get("/spaces/<id:space_id>/settings/door")
async def door_page(space_id: int) -> str:
    return await _section(space_id, "/door")


@blueprint.get("/spaces/<id:space_id>/settings/writing")
async def writing_page(space_id: int) -> str:
    return await _section(space_id, "/writing")


@blueprint.get("/spaces/<id:space_id>/settings/more")
async def more_page(space_id: int) -> str:
    return await _section(space_id, "/more")


@blueprint.post("/spaces/<id:space_id>/settings")
async def change(space_id: int) -> ResponseReturnValue:
    try:
        await actions.change_space(current_person(), space_id, await parse(SpaceDraft))
    except Invalid as error:
        draft = SpaceDraft.model_construct(**typed(await request.form))
        return await _section(space_id, "", fields=error.fields, draft=draft), error.status
    return go(page_of(space_id))


@blueprint.post("/spaces/<id:space_id>/settings/door")
async def change_door(space_id: int) -> ResponseReturnValue:
    try:
        await actions.change_door(current_person(), space_id, await parse(DoorDraft))
    except Invalid as error:
        form = await request.form
        draft = DoorDraft.model_construct(
            rules_text=form.get("rules_text", ""), questions=form.get("questions", ""),
            entry_role=form.get("entry_role", "member"),
        )  # fmt: skip
        return await _section(space_id, "/door", fields=error.fields, draft=draft), error.status
    return go(page_of(space_id, "/settings/door"))


@blueprint.post("/spaces/<id:space_id>/settings/writing")
async def change_writing(space_id: int) -> ResponseReturnValue:
    await actions.change_writing(current_person(), space_id, await parse(WritingDraft))
    return go(page_of(space_id, "/settings/writing"))


@blueprint.post("/spaces/<id:space_id>/archive")
async def archive(space_id: int) -> ResponseReturnValue:
    form = await request.form
    await actions.archive(current_person(), space_id, archived=form.get("archived") == "yes")
    return go(page_of(space_id))


@blueprint.post("/spaces/<id:space_id>/cover")
async def set_cover(space_id: int) -> ResponseReturnValue:
    try:
        file = (await request.files).get("cover")
        content, kind = (file.read(), file.mimetype or "") if file else (b"", "")
        await actions.set_cover(current_person(), space_id, content, kind)
    except Invalid as error:
        return await _section(space_id, "", fields=error.fields), error.status
    return go(page_of(space_id))


@blueprint.post("/spaces/<id:space_id>/cover/removal")
async def remove_cover(space_id: int) -> ResponseReturnValue:
    await actions.remove_cover(current_person(), space_id)
    return go(page_of(space_id, "/settings"))


@blueprint.get("/spaces/<id:space_id>/cover/<name>")
async def cover(space_id: int, name: str) -> ResponseReturnValue:
    """For who may see the space. The address changes with the picture, so it is kept for ever."""
    view = await queries.space_for(current_person(), space_id)
    digest = view.space.cover_digest
    if not digest or name != f"{digest[:16]}.webp":
        raise NotFound(_("This picture does not exist, or not any more."))
    response = Response(await blobs().read(digest), content_type="image/webp")
    response.headers["Cache-Control"] = FOR_EVER
    return response
