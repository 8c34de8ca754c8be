"""One's own page: its words and its portrait."""

from quart import Blueprint, request
from quart.typing import ResponseReturnValue

from rse.identity.current import current_person
from rse.identity.models import Person
from rse.identity.portraits import remove_portrait, set_portrait
from rse.kernel.errors import Invalid, RseError
from rse.kernel.forms import parse
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import to_public
from rse.people import actions, rules
from rse.people.drafts import ProfileDraft
from rse.web import go, render
from rse.web.form import Form, refused, typed

blueprint = Blueprint("own", __name__)


@blueprint.get("/people/me")
async def my_page() -> ResponseReturnValue:
    return go(_url(current_person()))


@blueprint.get("/people/me/edit")
async def edit_page() -> ResponseReturnValue:
    return await _page(current_person(), Form())


@blueprint.post("/people/me/edit")
async def edit() -> ResponseReturnValue:
    me = current_person()
    try:
        await actions.edit_profile(me, me, await parse(ProfileDraft))
    except RseError as error:
        return refused(error, await _page(me, await typed(error)))
    return go(_url(me))


@blueprint.post("/people/me/portrait")
async def change_portrait() -> ResponseReturnValue:
    me = current_person()
    try:
        file = (await request.files).get("portrait")
        if file is None or not file.filename:
            raise Invalid(_("Choose a picture first."), {"portrait": _("Choose a picture first.")})
        await set_portrait(me, file.read(), file.mimetype or "")
    except RseError as error:
        return refused(error, await _page(me, await typed(error)))
    return go("/people/me/edit")


@blueprint.post("/people/me/portrait/remove")
async def delete_portrait() -> ResponseReturnValue:
    await remove_portrait(current_person())
    return go("/people/me/edit")


async def _page(me: Person, form: Form) -> str:
    locked = rules.locked_names(me)
    values = {
        name: form.values.get(name, getattr(me, name)) if name not in locked else getattr(me, name)
        for name in rules.EDITABLE
    }
    return await render(
        "people/edit.html",
        person=me,
        form=Form(values, form.errors, form.message),
        locked={name: actions.locked_sentence(directory) for name, directory in locked.items()},
    )


def _url(person: Person) -> str:
    return f"/people/{to_public(person.id)}"
