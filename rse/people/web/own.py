"""One's own page: its words, its fields and its portrait."""

from collections.abc import Mapping

from quart import Blueprint, request
from quart.typing import ResponseReturnValue

from rse.identity.current import current_person
from rse.identity.models import Person
from rse.identity.policy import profile_policy
from rse.identity.portraits import remove_portrait, set_portrait
from rse.kernel.errors import Invalid, RseError
from rse.kernel.forms import parse
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import to_public
from rse.people import actions, languages, queries, rules
from rse.people.drafts import CutDraft, HabitsDraft, ProfileDraft
from rse.profile_fields import queries as profile_fields
from rse.web import go, render
from rse.web.form import Form, refused, typed

blueprint = Blueprint("own", __name__)

HERE = "/people/me/edit"


@blueprint.get("/people/me")
async def my_page() -> ResponseReturnValue:
    return go(_url(current_person()))


@blueprint.get(HERE)
async def edit_page() -> ResponseReturnValue:
    return await _page(current_person(), Form())


@blueprint.post(HERE)
async def edit() -> ResponseReturnValue:
    me = current_person()
    try:
        draft, habits = await parse(ProfileDraft), await parse(HabitsDraft)
        sent = await request.form
        await actions.edit_own(me, draft, habits, _named(sent, "field_"), _named(sent, "audience_"))
    except RseError as error:
        return refused(error, await _page(me, await typed(error)))
    return go(_url(me))


def _named(sent: Mapping[str, str], prefix: str) -> dict[str, str]:
    """The company's own fields come under their keys."""
    return {name.removeprefix(prefix): sent[name] for name in sent if name.startswith(prefix)}


@blueprint.get("/people/me/portrait")
async def portrait_page() -> ResponseReturnValue:
    return await _portrait(current_person(), Form())


@blueprint.post("/people/me/portrait")
async def change_portrait() -> ResponseReturnValue:
    me = current_person()
    try:
        file = (await request.files).get("portrait")
        if file is None or not file.filename:
            raise Invalid(_("Choose a picture first."), {"portrait": _("Choose a picture first.")})
        wanted = await parse(CutDraft)
        await set_portrait(me, file.read(), file.mimetype or "", wanted.cut)
    except RseError as error:
        return refused(error, await _portrait(me, await typed(error)))
    return go("/people/me/portrait")


@blueprint.post("/people/me/portrait/remove")
async def delete_portrait() -> ResponseReturnValue:
    await remove_portrait(current_person())
    return go("/people/me/portrait")


async def _portrait(me: Person, form: Form) -> str:
    return await render("people/portrait.html", person=me, form=form)


async def _page(me: Person, form: Form) -> str:
    locked = rules.locked_names(me)
    values = {
        name: form.values.get(name, getattr(me, name)) if name not in locked else getattr(me, name)
        for name in rules.EDITABLE
    }
    sent = await request.form
    fields = await profile_fields.editable(me)
    own = {f"field_{one.field.key}": one.value for one in fields}
    own |= {f"audience_{one.field.key}": one.chosen for one in fields}
    own |= {name: form.values[name] for name in own if name in form.values}
    return await render(
        "people/edit.html",
        person=me,
        form=Form({**own, **values}, form.errors, form.message),
        locked={name: actions.locked_sentence(directory) for name, directory in locked.items()},
        fields=fields,
        policy=await profile_policy(),
        sites=await queries.sites(),
        languages=languages.choices(),
        spoken=sent.getlist("languages") if sent else await queries.languages_of(me.id),
        shows_presence="on" in sent.getlist("presence") if sent else me.shows_presence,
    )


def _url(person: Person) -> str:
    return f"/people/{to_public(person.id)}"
