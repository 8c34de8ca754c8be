"""What profiles hold: the policy, and the company's own fields."""

from quart import Blueprint
from quart.typing import ResponseReturnValue

from rse.admin.actions import profiles as actions
from rse.admin.drafts import PolicyDraft
from rse.identity.current import current_account, current_person
from rse.identity.policy import profile_policy
from rse.kernel.errors import RseError
from rse.kernel.forms import parse
from rse.kernel.i18n import N_
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import to_public
from rse.profile_fields import queries
from rse.profile_fields.actions import move_field
from rse.profile_fields.circles import circles_of
from rse.profile_fields.drafts import FieldDraft
from rse.profile_fields.models import PARTNER, SPACE, ProfileField
from rse.profile_fields.values import name_of
from rse.web import go, render
from rse.web.form import Form, refused, typed

blueprint = Blueprint("profiles", __name__)

HERE = "/admin/profiles"
KINDS = (
    ("text", N_("One line")), ("long", N_("Several lines")), ("lines", N_("List")),
    ("choice", N_("Choice from a list")), ("date", N_("Date")), ("link", N_("Link")),
    ("phone", N_("Phone number")),
)  # fmt: skip
SOURCES = (("person", N_("The person writes it")), ("directory", N_("Only the directory")))


@blueprint.get(HERE)
async def index() -> ResponseReturnValue:
    spaces = {circle.id: circle.name for circle in await circles_of(current_person().id)}
    kinds = dict(KINDS)
    return await render(
        "admin/profiles.html",
        policy=await profile_policy(),
        fields=[
            (field, name_of(field), _(kinds[field.kind]), queries.audience_words(field, spaces))
            for field in await queries.fields()
        ],
    )


@blueprint.post(f"{HERE}/policy")
async def change_policy() -> ResponseReturnValue:
    await actions.change_policy(current_account(), (await parse(PolicyDraft)).policy)
    return go(HERE)


@blueprint.get(f"{HERE}/new")
async def new_field() -> ResponseReturnValue:
    return await _page(None, Form({"kind": "text", "audience": "company", "may_narrow": "on"}))


@blueprint.post(f"{HERE}/new")
async def create_field() -> ResponseReturnValue:
    try:
        await actions.create_field(current_account(), await parse(FieldDraft))
    except RseError as error:
        return refused(error, await _page(None, await typed(error)))
    return go(HERE)


@blueprint.get(f"{HERE}/<id:field_id>")
async def field(field_id: int) -> ResponseReturnValue:
    found = await queries.field_for(field_id)
    return await _page(found, Form(_written(found)))


@blueprint.post(f"{HERE}/<id:field_id>")
async def change_field(field_id: int) -> ResponseReturnValue:
    found = await queries.field_for(field_id)
    try:
        await actions.change_field(current_account(), field_id, await parse(FieldDraft))
    except RseError as error:
        return refused(error, await _page(found, await typed(error)))
    return go(HERE)


@blueprint.post(f"{HERE}/<id:field_id>/removal")
async def remove_field(field_id: int) -> ResponseReturnValue:
    await actions.remove_field(current_account(), field_id)
    return go(HERE)


@blueprint.post(f"{HERE}/<id:field_id>/earlier")
async def move_earlier(field_id: int) -> ResponseReturnValue:
    await move_field(field_id, -1)
    return go(HERE)


@blueprint.post(f"{HERE}/<id:field_id>/later")
async def move_later(field_id: int) -> ResponseReturnValue:
    await move_field(field_id, 1)
    return go(HERE)


def _written(field: ProfileField) -> dict[str, str]:
    """A field as its form shows it."""
    return {
        "name_en": field.name_en, "name_fr": field.name_fr, "name_de": field.name_de,
        "kind": field.kind, "options": "\n".join(field.options), "source": field.source,
        "audience": _audience(field), "may_narrow": "on" if field.may_narrow else "",
    }  # fmt: skip


def _audience(field: ProfileField) -> str:
    if field.audience == SPACE and field.space_id:
        return f"{SPACE}:{to_public(field.space_id)}"
    if field.audience == PARTNER and field.organisation_id:
        return f"{PARTNER}:{to_public(field.organisation_id)}"
    return field.audience


async def _page(field: ProfileField | None, form: Form) -> str:
    return await render(
        "admin/profile_field.html",
        field=field,
        form=form,
        kinds=[(key, _(label)) for key, label in KINDS],
        sources=[(key, _(label)) for key, label in SOURCES],
        audiences=await _audiences(field),
    )


async def _audiences(field: ProfileField | None) -> list[tuple[str, str]]:
    """The company, one's spaces, each partner, nobody; and what it is now, whatever that is."""
    spaces = {circle.id: circle.name for circle in await circles_of(current_person().id)}
    found = [("company", _("Everybody in your company"))]
    found += [
        (f"{SPACE}:{to_public(number)}", _("Members of %(space)s", space=name))
        for number, name in spaces.items()
    ]
    found += [
        (f"{PARTNER}:{to_public(one.id)}", _("Your company and %(partner)s", partner=one.name))
        for one in await queries.partners()
    ]
    found.append(("nobody", _("Nobody but the person")))
    if field and _audience(field) not in dict(found):
        found.append((_audience(field), queries.audience_words(field, spaces)))
    return found
