"""Home: what is new for me, everywhere I belong."""

from urllib.parse import urlencode

from quart import Response, request
from quart.typing import ResponseReturnValue

from rse.feed import actions, queries
from rse.feed.audience import choices
from rse.feed.cards import Card
from rse.feed.drafts import MAX_WORDS
from rse.feed.rows import Visit
from rse.feed.sockets import panels_of_home, top_of_home
from rse.identity.current import current_person
from rse.identity.models import Person
from rse.kernel import clock
from rse.kernel.ids import parse_public, to_public
from rse.kernel.pages import NEWEST
from rse.kernel.text import clean_line, clean_text
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


@blueprint.get("/share")
async def share() -> ResponseReturnValue:
    """Another app hands over words: the composer opens with them, and nothing is sent yet."""
    current_person()
    words = {name: request.args.get(name, "")[:MAX_WORDS] for name in ("title", "text", "url")}
    return go(f"/?{urlencode({'compose': '1', **words})}#f-share-body")


def _shared() -> dict[str, str]:
    """What the address puts into the composer. A draft of its own: an unfinished post stays."""
    text, url = (clean_text(request.args.get(name, "")) for name in ("text", "url"))
    body = text if url in text else f"{text}\n{url}".strip()
    title = clean_line(request.args.get("title", ""), 200)
    return {"body": body[:MAX_WORDS], "title": title, "key": "share" if body or title else "post"}


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
        panels=await panels_of_home(reader),
        cards=found,
        above=above,
        next_url=next_url,
        view=view,
        line_id=visit.line if visit else 0,
        line_at=visit.at if visit else None,
        unread=await queries.unread_count(reader.id),
        waiting=await queries.awaiting(reader.id),
        choices=await choices(reader),
        shared=(shared := _shared()),
        title=shared["title"],
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
