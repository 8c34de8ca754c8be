"""Mutes: chosen from a card, a profile or a space, listed and undone in the settings."""

from quart.typing import ResponseReturnValue

from rse.feed import actions, mutes, queries
from rse.feed.drafts import MuteDraft
from rse.identity.current import current_person
from rse.kernel.forms import parse
from rse.web.render import go, render

from .blueprint import blueprint

HERE = "/settings/mutes"


@blueprint.get("/posts/<id:post_id>/mute")
async def choices(post_id: int) -> str:
    """What one can mute about a post: its thread, its author, its space."""
    reader = current_person()
    post, view = await queries.post_for(reader, post_id)
    author = await queries.author_of(post)
    muted = {mute.id for mute in await mutes.mutes_of(reader)}
    return await render(
        "feed/mute.html", post=post, space=view.space, author=author, muted=muted,
        is_own=author.id == reader.id,
    )  # fmt: skip


@blueprint.get(HERE)
async def muted() -> str:
    """Everything one has muted."""
    return await render("feed/mutes.html", mutes=await mutes.mutes_of(current_person()))


@blueprint.post("/mutes")
async def mute() -> ResponseReturnValue:
    await actions.mute(current_person(), await parse(MuteDraft))
    return go(HERE)


@blueprint.post("/mutes/<id:target_id>/removal")
async def unmute(target_id: int) -> ResponseReturnValue:
    await actions.unmute(current_person(), target_id)
    return go(HERE)
