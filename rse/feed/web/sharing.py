"""Showing a post again in another space."""

from quart import request
from quart.typing import ResponseReturnValue

from rse.feed import actions, queries
from rse.feed.audience import choices
from rse.feed.drafts import PostDraft
from rse.identity.current import current_person
from rse.identity.models import Person
from rse.kernel.errors import Invalid, RseError
from rse.kernel.forms import parse
from rse.kernel.ids import to_public
from rse.web.render import go, render

from .blueprint import blueprint


@blueprint.get("/posts/<id:post_id>/share")
async def share_form(post_id: int) -> str:
    """Where to, with which words; who will not see the original is said before."""
    return await _page(current_person(), post_id)


async def _page(person: Person, post_id: int, error: RseError | None = None) -> str:
    post, view = await queries.post_for(person, post_id)
    author = await queries.author_of(post)
    form = await request.form
    here = to_public(view.space.id)
    return await render(
        "feed/share.html", post=post, space=view.space, author=author,
        choices=[(c.id, c.label) for c in await choices(person) if c.id != here],
        wanted=form.get("space", ""), value=form.get("body", ""),
        is_open=view.space.access == "open",
        error=error.message if error else "",
        fields=error.fields if isinstance(error, Invalid) else {},
    )  # fmt: skip


@blueprint.post("/posts/<id:post_id>/share")
async def share_post(post_id: int) -> ResponseReturnValue:
    person = current_person()
    try:
        draft = await parse(PostDraft)
        draft.shared = to_public(post_id)
        made = await actions.publish(person, draft)
    except RseError as error:
        return await _page(person, post_id, error), error.status
    return go(f"/posts/{to_public(made.id)}")
