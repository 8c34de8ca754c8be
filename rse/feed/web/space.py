"""The feed of one space."""

from quart import request

from rse.feed import actions, mutes, queries, waiting
from rse.feed.audience import choice
from rse.feed.cards import Card
from rse.feed.rows import Visit
from rse.feed.sockets import links_for, top_of_space
from rse.feed.streams import ALL, BY_NEWEST, SPACE, Wish
from rse.identity.current import current_person
from rse.identity.models import Person
from rse.kernel.ids import to_public
from rse.kernel.pages import NEWEST, Page
from rse.spaces import actions as spaces
from rse.spaces import queries as space_queries
from rse.spaces import rules as space_rules
from rse.spaces.header import header
from rse.spaces.models import APPROVAL
from rse.spaces.offers import is_offered
from rse.spaces.queries import SpaceView
from rse.spaces.refusals import why_not_post
from rse.web.render import fragment_wanted, only_prefetched, render

from . import wishes
from .blueprint import blueprint, cursor, more, with_top
from .wishes import Asked


@blueprint.get("/spaces/<id:space_id>")
async def space(space_id: int) -> str:
    """What is written in a space; without the right to read, how to get it."""
    reader = current_person()
    view = await space_queries.space_for(reader, space_id)
    readable = space_rules.may_read(reader, view.space, view.membership)
    visit = await queries.home_visit(reader.id)
    wish = Wish(view=SPACE, scope_id=space_id)
    asked = await wishes.asked(f"/spaces/{to_public(space_id)}", visit, wish)
    page = await queries.home_page(reader.id, cursor(), wish=asked.wish) if readable else Page([])
    top = await top_of_space(space_id) if readable and not asked.filters.is_on else []
    seen_id = view.membership.seen_id if view.membership else NEWEST
    found, above = await with_top(
        reader, page, top, seen_id=seen_id, moderated={space_id: view.may_moderate}
    )
    next_url = asked.url(before=to_public(page.next_cursor)) if page.next_cursor else ""
    line_id = 0 if asked.by_activity else seen_id
    if fragment_wanted() and cursor() != NEWEST:
        return await more(found, next_url, line_id)
    await _keep_choice_and_seen(reader, view, asked, visit, [*found, *above])
    return await render(
        "feed/space.html", cards=found, above=above, asked=asked,
        links=await links_for(reader, view) if view.is_member else [],
        waiting=await waiting.count(reader, view) if view.space.posting == APPROVAL else 0,
        may_post=space_rules.may_post(reader, view.space, view.membership),
        must_wait=space_rules.must_wait(view.space, view.membership),
        why_not=why_not_post(view.space, view.membership) if view.is_member else "",
        offers_files=is_offered(view.space, "files"),
        next_url=next_url, line_id=line_id, readable=readable,
        head=await header(reader, view, "feed"), audience=await choice(view.space),
        is_muted=await mutes.is_muted(reader.id, space_id),
    )  # fmt: skip


async def _keep_choice_and_seen(
    reader: Person, view: SpaceView, asked: Asked, visit: Visit | None, shown: list[Card]
) -> None:
    """A person's order is theirs everywhere; what they looked at counts as seen."""
    if only_prefetched():
        return
    sort = asked.wish.sort
    if "sort" in request.args and sort != (visit.sort if visit else BY_NEWEST):
        await actions.remember(reader, visit.view if visit else ALL, sort)
    whole = asked.wish.sort == BY_NEWEST and not asked.filters.is_on
    if shown and view.is_member and whole:
        await spaces.mark_seen(reader.id, view.space.id, max(card.row.id for card in shown))
