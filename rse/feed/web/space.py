"""The feed of one space."""

from rse.feed import queries, waiting
from rse.feed.audience import choice
from rse.feed.sockets import links_for, top_of_space
from rse.identity.current import current_person
from rse.kernel.ids import to_public
from rse.kernel.pages import NEWEST, Page
from rse.spaces import actions as spaces
from rse.spaces import queries as space_queries
from rse.spaces import rules as space_rules
from rse.spaces.header import header
from rse.spaces.models import APPROVAL
from rse.spaces.offers import is_offered
from rse.spaces.refusals import why_not_post
from rse.web.render import fragment_wanted, only_prefetched, render

from .blueprint import blueprint, cursor, more, with_top


@blueprint.get("/spaces/<id:space_id>")
async def space(space_id: int) -> str:
    """What is written in a space; without the right to read, how to get it."""
    reader = current_person()
    view = await space_queries.space_for(reader, space_id)
    readable = space_rules.may_read(reader, view.space, view.membership)
    page = await queries.space_page(space_id, cursor()) if readable else Page([])
    top = await top_of_space(space_id) if readable else []
    seen_id = view.membership.seen_id if view.membership else NEWEST
    found, above = await with_top(
        reader, page, top, seen_id=seen_id, moderated={space_id: view.may_moderate}
    )
    next_url = (
        f"/spaces/{to_public(space_id)}?before={to_public(page.next_cursor)}"
        if page.next_cursor
        else ""
    )
    if fragment_wanted() and cursor() != NEWEST:
        return await more(found, next_url, seen_id)
    shown = [card.row.id for card in (*found, *above)]
    if shown and view.is_member and not only_prefetched():
        await spaces.mark_seen(reader.id, space_id, max(shown))
    return await render(
        "feed/space.html",
        cards=found,
        above=above,
        waiting=await waiting.count(reader, view) if view.space.posting == APPROVAL else 0,
        links=await links_for(reader, view) if view.is_member else [],
        may_post=space_rules.may_post(reader, view.space, view.membership),
        must_wait=space_rules.must_wait(view.space, view.membership),
        why_not=why_not_post(view.space, view.membership) if view.is_member else "",
        offers_files=is_offered(view.space, "files"),
        next_url=next_url,
        line_id=seen_id,
        readable=readable,
        head=await header(reader, view, "feed"),
        audience=await choice(view.space),
    )
