"""Templates of spaces: the list, and the form that makes or changes one."""

from collections.abc import Mapping
from typing import Any

from quart import request
from quart.typing import ResponseReturnValue

from rse.identity.current import current_person
from rse.kernel.errors import Invalid
from rse.kernel.forms import parse
from rse.kernel.ids import parse_public, to_public
from rse.spaces import actions, queries, templates
from rse.spaces.drafts import TemplateDraft
from rse.spaces.offers import offers
from rse.web.render import go, render

from .blueprint import blueprint
from .found import access_choices
from .settings import draft_of_space, writing_choices


@blueprint.get("/spaces/templates")
async def template_list() -> str:
    reader = current_person()
    admin = await templates.is_admin(reader)
    return await render(
        "spaces/templates.html", choices=await templates.choices(), me=reader, is_admin=admin,
        may_make=admin or await queries.owns_some(reader),
    )  # fmt: skip


@blueprint.get("/spaces/templates/new")
async def new_template() -> str:
    """An empty form, or one that begins as a space of one's own is now."""
    space = request.args.get("space", "")
    draft = (
        await _like(parse_public(space))
        if space
        else TemplateDraft.model_construct(name="", offered=list(offers), members_comment=True)
    )
    return await _form(draft, "/spaces/templates")


async def _like(space_id: int) -> TemplateDraft:
    return draft_of_space((await actions.managed(current_person(), space_id)).space)


async def _form(draft: TemplateDraft, action: str, fields: Mapping[str, str] | None = None) -> str:
    return await render(
        "spaces/template_form.html", draft=draft, action=action, fields=fields or {},
        access=access_choices(), **writing_choices(),
    )  # fmt: skip


async def _typed() -> TemplateDraft:
    """What was typed, as it was."""
    form = await request.form
    words: dict[str, Any] = {
        name: form.get(name, "") for name in TemplateDraft.model_fields if name != "offered"
    }
    category = form.get("category", "1")
    return TemplateDraft.model_construct(
        **{
            **words,
            "offered": form.getlist("offered"),
            "members_comment": "members_comment" in form,
            "category": int(category) if category.isdigit() else 1,
        }
    )


@blueprint.post("/spaces/templates")
async def make_template() -> ResponseReturnValue:
    try:
        await actions.make_template(current_person(), await parse(TemplateDraft))
    except Invalid as error:
        return await _form(await _typed(), "/spaces/templates", error.fields), error.status
    return go("/spaces/templates")


@blueprint.get("/spaces/templates/<id:template_id>")
async def template_page(template_id: int) -> str:
    await templates.editable(current_person(), template_id)
    key = to_public(template_id)
    draft = templates.draft_of(await templates.chosen(key))
    return await _form(draft, f"/spaces/templates/{key}")


@blueprint.post("/spaces/templates/<id:template_id>")
async def change_template(template_id: int) -> ResponseReturnValue:
    try:
        await actions.change_template(current_person(), template_id, await parse(TemplateDraft))
    except Invalid as error:
        page = await _form(
            await _typed(), f"/spaces/templates/{to_public(template_id)}", error.fields
        )
        return page, error.status
    return go("/spaces/templates")


@blueprint.post("/spaces/templates/<id:template_id>/deletion")
async def delete_template(template_id: int) -> ResponseReturnValue:
    await actions.delete_template(current_person(), template_id)
    return go("/spaces/templates")
