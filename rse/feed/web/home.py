"""Home: what is new for me, everywhere I belong."""

from quart import Response, request
from quart.typing import ResponseReturnValue

from rse.feed import actions, queries
from rse.feed.audience import choices
from rse.feed.cards import Card
from rse.feed.rows import Visit
from rse.feed.sockets import top_of_home
from rse.identity.current import current_person
from rse.identity.models import Person
from rse.kernel import clock
from rse.kernel.ids import parse_public, to_public
from rse.kernel.pages import NEWEST
from rse.web.render import fragment_wanted, go, render

from .blueprint import blueprint, cursor, more, with_top

VIEWS = ("all", "unread")


@blueprint.get("/")
async def home() -> str:
    """The home feed: all or unread, newest first, with the line of the last visit."""
    reader = current_person()
    view = request.args.get("view", "all")
    view = view if view in VIEWS else "all"
    read = queries.unread_page if view == "unread" else queries.home_page
    page = await read(reader.id, cursor())
    top = await top_of_home(reader) if view == "all" else []
    visit = await queries.home_visit(reader.id)
    line_id = visit.line if visit else 0
    found, above = await with_top(reader, page, top, seen_id=line_id or NEWEST)
    next_url = f"/?view={view}&before={to_public(page.next_cursor)}" if page.next_cursor else ""
    if fragment_wanted() and cursor() != NEWEST:
        return await more(found, next_url, line_id)
    return await _page(reader, view, (found, above), next_url, visit)


async def _page(
    reader: Person,
    view: str,
    lists: tuple[list[Card], list[Card]],
    next_url: str,
    visit: Visit | None,
) -> str:
    found, above = lists
    return await render(
        "feed/home.html",
        cards=found,
        above=above,
        next_url=next_url,
        view=view,
        line_id=visit.line if visit else 0,
        line_at=visit.at if visit else None,
        unread=await queries.unread_count(reader.id),
        waiting=await queries.awaiting(reader.id),
        choices=await choices(reader),
        compose=request.args.get("compose") == "1",
        newest=_newest(found, above),
        now=clock.now(),
    )


def _newest(*lists: list[Card]) -> str:
    found = [card.row.id for cards in lists for card in cards]
    return to_public(max(found)) if found else ""


@blueprint.post("/feed/seen")
async def seen() -> ResponseReturnValue:
    """The newest post has been on the screen for a second, or « mark all as read » was pressed."""
    form = await request.form
    reader = current_person()
    newest = parse_public(str(form.get("newest", "")))
    await actions.move_seen_line(reader, newest)
    await actions.mark_spaces_seen(reader.id, newest)
    return Response(status=204) if fragment_wanted() else go("/")
