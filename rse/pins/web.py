"""The page that pins a post, and the button that unpins it."""

from quart import Blueprint, request
from quart.typing import ResponseReturnValue

from rse.feed import queries as feed
from rse.feed.last_day import LastDay, today
from rse.identity.current import current_person
from rse.identity.models import Person
from rse.kernel.errors import Invalid, NotAllowed
from rse.kernel.forms import parse
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import to_public
from rse.web.render import go, render

from . import actions, rules

blueprint = Blueprint("pins", __name__)


@blueprint.get("/pins/<id:post_id>")
async def form(post_id: int) -> str:
    return await _form(current_person(), post_id)


async def _form(person: Person, post_id: int, error: Invalid | None = None) -> str:
    post, view = await feed.post_for(person, post_id)
    if not rules.may_pin(person, view.space, view.membership):
        raise NotAllowed(_("Only owners and moderators of the space can pin posts."))
    typed = (await request.form).get("last_day", "")
    return await render(
        "pins/form.html", post=post, space=view.space, value=typed, today=today().isoformat(),
        error=error.message if error else "", fields=error.fields if error else {},
    )  # fmt: skip


@blueprint.post("/pins/<id:post_id>")
async def pin(post_id: int) -> ResponseReturnValue:
    person = current_person()
    try:
        await actions.pin(person, post_id, await parse(LastDay))
    except Invalid as error:
        return await _form(person, post_id, error), error.status
    return await _to_space(person, post_id)


@blueprint.post("/pins/<id:post_id>/removal")
async def unpin(post_id: int) -> ResponseReturnValue:
    person = current_person()
    await actions.unpin(person, post_id)
    return await _to_space(person, post_id)


async def _to_space(person: Person, post_id: int) -> ResponseReturnValue:
    post, _view = await feed.post_for(person, post_id)
    return go(f"/spaces/{to_public(post.space_id)}#post-{to_public(post_id)}")
