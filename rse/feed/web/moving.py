"""Where a post stands and whether it takes comments: moved with a warning, closed, opened."""

from quart import request
from quart.typing import ResponseReturnValue

from rse.feed import actions, audience, queries, rules
from rse.feed.drafts import MoveDraft
from rse.identity.current import current_person
from rse.identity.models import Person
from rse.kernel.errors import NotAllowed, NotFound, RseError
from rse.kernel.forms import parse
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import parse_public, to_public
from rse.spaces import queries as spaces
from rse.spaces.queries import SpaceView
from rse.web.render import go, render

from .blueprint import blueprint


@blueprint.get("/posts/<id:post_id>/move")
async def move_form(post_id: int) -> str:
    """First the space, then who will read it there and who no longer will."""
    return await _page(current_person(), post_id, request.args.get("space", ""))


async def _page(mover: Person, post_id: int, wanted: str, error: RseError | None = None) -> str:
    post, view = await queries.post_for(mover, post_id)
    author = await queries.author_of(post)
    if not rules.may_move(mover, post, author, view.membership, view.membership):
        raise NotAllowed(
            _("Only the author, or somebody who moderates both spaces, can move this post.")
        )
    places = [(to_public(space.id), space.name) for space in await queries.movable_to(mover, post)]
    there = await _there(mover, wanted) if wanted and not error else None
    return await render(
        "feed/move.html", post=post, space=view.space, places=places, wanted=wanted,
        there=there.space if there else None,
        change=await audience.change(view.space, there.space) if there else None,
        error=error.message if error else "",
    )  # fmt: skip


async def _there(mover: Person, wanted: str) -> SpaceView | None:
    try:
        return await spaces.writable_space(mover, parse_public(wanted))
    except (NotFound, NotAllowed):
        return None


@blueprint.post("/posts/<id:post_id>/move")
async def move(post_id: int) -> ResponseReturnValue:
    mover = current_person()
    form = await request.form
    try:
        draft = await parse(MoveDraft)
        await actions.move(mover, post_id, draft.space_id)
    except RseError as error:
        page = await _page(mover, post_id, str(form.get("space", "")), error)
        return page, error.status
    return go(f"/posts/{to_public(post_id)}")


@blueprint.post("/posts/<id:post_id>/lock")
async def lock(post_id: int) -> ResponseReturnValue:
    """Close the comments, or open them again, as the button pressed says."""
    form = await request.form
    await actions.set_locked(current_person(), post_id, locked=form.get("locked") == "true")
    return go(f"/posts/{to_public(post_id)}")
