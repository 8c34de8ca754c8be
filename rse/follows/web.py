"""The button that follows somebody."""

from quart import Blueprint
from quart.typing import ResponseReturnValue

from rse.identity.current import current_person
from rse.kernel.ids import to_public
from rse.web.render import fragment_wanted, go, partial

from . import actions

blueprint = Blueprint("follows", __name__)


@blueprint.post("/people/<id:person_id>/follow")
async def toggle(person_id: int) -> ResponseReturnValue:
    """Follow, or stop; a script gets the button as it is now."""
    followed = await actions.toggle(current_person(), person_id)
    if fragment_wanted():
        return await partial("follows/_button.html", followed=followed, id=to_public(person_id))
    return go(f"/people/{to_public(person_id)}")
