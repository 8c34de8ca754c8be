"""Home: what is new for me, everywhere I belong."""

from urllib.parse import urlencode

import orjson
from quart import Response, request
from quart.typing import ResponseReturnValue

from rse.federation import queries as federation
from rse.feed import actions, queries
from rse.feed.audience import choices
from rse.feed.card_json import cards_json
from rse.feed.cards import Card
from rse.feed.drafts import MAX_WORDS
from rse.feed.rows import Visit
from rse.feed.sockets import panels_of_home, top_of_home
from rse.feed.streams import (
    ALL,
    ANNOUNCEMENTS,
    BY_NEWEST,
    COMPANY,
    FOLLOWED,
    PARTNER,
    UNREAD,
    muted_ids,
)
from rse.identity.current import current_person
from rse.identity.models import Person
from rse.kernel import clock
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import parse_public, to_public
from rse.kernel.pages import NEWEST
from rse.kernel.text import clean_line, clean_text
from rse.web.errors import wants_json
from rse.web.render import fragment_wanted, go, only_prefetched, render

from . import wishes
from .blueprint import blueprint, cursor, more, with_top
from .wishes import Asked, remembered_view


@blueprint.get("/")
async def home() -> ResponseReturnValue:
    """The home feed: the view and order that are asked for, or chosen before. Also as JSON."""
    reader = current_person()
    visit = await queries.home_visit(reader.id)
    asked = await wishes.asked("/", visit)
    muted = await muted_ids(reader.id)
    page = await queries.home_page(reader.id, cursor(), wish=asked.wish, muted=muted)
    plain = asked.wish.view == ALL and not asked.filters.is_on
    top = await top_of_home(reader)
    line_id = visit.line if visit else 0
    found, above = await with_top(reader, page, top if plain else [], seen_id=line_id or NEWEST)
    next_url = asked.url(before=to_public(page.next_cursor)) if page.next_cursor else ""
    if wants_json():
        return _json(found, above, next_url)
    # In the order of activity, what is new does not stand in one piece.
    line_id = 0 if asked.by_activity else line_id
    if fragment_wanted() and cursor() != NEWEST:
        return await more(found, next_url, line_id)
    await _remember(reader, asked, visit)
    addresses = {
        "next_url": next_url,
        "quiet": " ".join(to_public(number) for number in sorted(muted)),
    }
    return await _page(
        reader,
        asked,
        (found, above),
        visit if line_id else None,
        addresses | {"announced": len(top)},
    )


def _json(found: list[Card], above: list[Card], next_url: str) -> Response:
    document = {"above": cards_json(above), "items": cards_json(found), "next": next_url or None}
    response = Response(orjson.dumps(document), content_type="application/json")
    response.headers.extend([("Cache-Control", "no-store"), ("Vary", "Accept, Cookie")])
    return response


async def _remember(reader: Person, asked: Asked, visit: Visit | None) -> None:
    """Keep what was chosen by a link of the page; not what a browser fetches in advance."""
    if only_prefetched() or not {"view", "sort"} & set(request.args):
        return
    view, sort = remembered_view(asked.wish), asked.wish.sort
    if (view, sort) != (visit.view if visit else "all", visit.sort if visit else BY_NEWEST):
        await actions.remember(reader, view, sort)


@blueprint.get("/share")
async def share() -> ResponseReturnValue:
    """Another app hands over words: the composer opens with them, and nothing is sent yet."""
    current_person()
    words = {name: request.args.get(name, "")[:MAX_WORDS] for name in ("title", "text", "url")}
    return go(f"/?{urlencode({'compose': '1', **words})}#f-share-body")


def _shared() -> dict[str, str]:
    """What the address puts into the composer. A draft of its own: an unfinished post stays."""
    if not request.args:
        return {"body": "", "title": "", "key": "post"}
    text, url = (clean_text(request.args.get(name, "")) for name in ("text", "url"))
    body = text if url in text else f"{text}\n{url}".strip()
    title = clean_line(request.args.get("title", ""), 200)
    return {"body": body[:MAX_WORDS], "title": title, "key": "share" if body or title else "post"}


async def _page(
    reader: Person,
    asked: Asked,
    lists: tuple[list[Card], list[Card]],
    visit: Visit | None,
    more: dict[str, str | int],
) -> str:
    found, above = lists
    return await render(
        "feed/home.html",
        panels=await panels_of_home(reader),
        cards=found,
        above=above,
        asked=asked,
        view=asked.wish.view,
        tabs=await _tabs(asked, unread := await queries.unread_count(reader.id)),
        line_id=visit.line if visit else 0,
        line_at=visit.at if visit else None,
        unread=unread,
        waiting=await queries.awaiting(reader.id),
        choices=await choices(reader),
        shared=(shared := _shared()),
        title=shared["title"],
        compose=request.args.get("compose") == "1",
        # Only what was shown whole counts as seen.
        newest=_newest(found, above) if asked.shows_all else "",
        now=clock.now(),
        **more,
    )


async def _tabs(asked: Asked, unread: int) -> list[tuple[str, str, bool, int]]:
    """The views of the home page; a company's where one reads it."""
    partners = await federation.partner_organisations()
    wish = asked.wish
    named = [
        (_("All"), ALL, 0),
        (_("People I follow"), FOLLOWED, 0),
        (_("Company"), COMPANY, 0),
        *((company.name, PARTNER, company.id) for company in partners),
        (_("Announcements"), ANNOUNCEMENTS, 0),
        (_("Unread"), UNREAD, 0),
    ]
    return [
        (
            label,
            f"/?view={view}&of={to_public(of)}" if of else f"/?view={view}",
            (view, of) == (wish.view, wish.scope_id),
            unread if view == UNREAD else 0,
        )
        for label, view, of in named
    ]


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
