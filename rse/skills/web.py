"""The page of one's skills, and the button that confirms another's."""

from quart import Blueprint
from quart.typing import ResponseReturnValue

from rse.identity.current import current_person
from rse.identity.models import Person
from rse.kernel.errors import RseError
from rse.kernel.forms import parse
from rse.kernel.ids import to_public
from rse.web import go, render
from rse.web.form import Form, refused, typed
from rse.web.render import fragment_wanted, partial

from . import actions, queries
from .drafts import SkillDraft

blueprint = Blueprint("skills", __name__)
HERE = "/people/me/skills"


@blueprint.get(HERE)
async def index() -> ResponseReturnValue:
    return await _page(current_person(), Form())


@blueprint.post(HERE)
async def add() -> ResponseReturnValue:
    me = current_person()
    try:
        await actions.add(me, await parse(SkillDraft))
    except RseError as error:
        return refused(error, await _page(me, await typed(error)))
    return go(HERE)


@blueprint.post("/people/me/skills/<id:held_id>/removal")
async def remove(held_id: int) -> ResponseReturnValue:
    await actions.remove(current_person(), held_id)
    return go(HERE)


@blueprint.post("/skills/<id:held_id>/endorsement")
async def endorse(held_id: int) -> ResponseReturnValue:
    """Confirm, or take it back; a script gets the skill as it is now."""
    me = current_person()
    holder_id = await actions.toggle_endorsement(me, held_id)
    if fragment_wanted():
        held = next(one for one in await queries.skills_of(me, holder_id) if one.id == held_id)
        return await partial("skills/_held.html", skill=held, confirms=True)
    return go(f"/people/{to_public(holder_id)}")


async def _page(me: Person, form: Form) -> str:
    return await render(
        "skills/mine.html",
        person=me,
        form=form,
        skills=await queries.skills_of(me, me.id),
        common=await queries.common(),
    )
