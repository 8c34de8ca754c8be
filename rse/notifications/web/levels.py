"""How much of one thread or space a person hears: chosen where they read it."""

from typing import Literal

from pydantic import BaseModel
from quart.typing import ResponseReturnValue

from rse.identity.current import current_person
from rse.kernel.forms import parse
from rse.kernel.ids import parse_public
from rse.notifications import preferences
from rse.web import go

from .blueprint import LIST, SETTINGS, back, blueprint


class Muting(BaseModel):
    """A thread or space to hear nothing of, or to hear of again."""

    object: str
    muted: bool = True


class LevelDraft(BaseModel):
    """Everything, mentions only, nothing; empty is as usual."""

    object: str
    level: Literal["", "all", "mentions", "nothing"]


@blueprint.post("/notifications/levels")
async def set_level() -> ResponseReturnValue:
    draft = await parse(LevelDraft)
    await preferences.set_level(current_person().id, parse_public(draft.object), draft.level)
    return go(await back(LIST))


@blueprint.post("/notifications/mutes")
async def mute() -> ResponseReturnValue:
    muting = await parse(Muting)
    change = preferences.mute if muting.muted else preferences.unmute
    await change(current_person().id, parse_public(muting.object))
    return go(LIST)


@blueprint.post("/notifications/mutes/removal")
async def unmute_all() -> ResponseReturnValue:
    await preferences.unmute(current_person().id)
    return go(SETTINGS)
