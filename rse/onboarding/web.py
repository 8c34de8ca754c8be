"""The first steps: a page of their own, and a card at the top of home."""

from quart import Blueprint
from quart.typing import ResponseReturnValue

from rse.identity.current import current_person
from rse.kernel.i18n import N_
from rse.kernel.i18n import gettext as _
from rse.web.render import go, render

from . import actions, queries, rules
from .rules import Step

blueprint = Blueprint("onboarding", __name__)
HERE = "/welcome"
TITLES = {
    "photo": N_("Add a photo, so that people know you"),
    "about": N_("Say what you do and can help with"),
    "space": N_("Join a space"),
    "words": N_("Write your first post or answer"),
    "notices": N_("Choose what you are told of"),
}


@blueprint.get(HERE)
async def welcome() -> str:
    me = current_person()
    state = await queries.state(me)
    return await render(
        "onboarding/welcome.html",
        steps=titled(rules.steps(state)),
        over=rules.is_over(state),
        spaces=await queries.suggested(me),
    )


@blueprint.post("/welcome/skip")
async def skip() -> ResponseReturnValue:
    await actions.skip(current_person())
    return go("/")


def titled(steps: list[Step]) -> list[tuple[str, Step]]:
    return [(_(TITLES[step.name]), step) for step in steps]
