"""The feed's blueprint, and what its views share."""

from quart import Blueprint, current_app, request

from rse.feed.cards import Card, cards
from rse.identity.models import Person
from rse.kernel.errors import NotFound
from rse.kernel.ids import parse_public
from rse.kernel.pages import NEWEST, Page
from rse.web.render import partial

blueprint = Blueprint("feed", __name__)


def cursor() -> int:
    """Where the list goes on; a cursor that cannot be read starts at the top."""
    try:
        return parse_public(request.args.get("before", ""))
    except NotFound:
        return NEWEST


async def list_of_cards(
    reader: Person,
    page: Page[int],
    *,
    seen_id: int = NEWEST,
    moderated: dict[int, bool] | None = None,
) -> list[Card]:
    return await cards(
        reader, page.items, current_app.jinja_env, seen_id=seen_id, moderated=moderated
    )


async def with_top(
    reader: Person,
    page: Page[int],
    top: list[int],
    *,
    seen_id: int = NEWEST,
    moderated: dict[int, bool] | None = None,
) -> tuple[list[Card], list[Card]]:
    """The cards of a page, and those above it: on the first page, and never twice."""
    below = [number for number in page.items if number not in top]
    shown = top if cursor() == NEWEST else []
    found = await list_of_cards(
        reader, Page([*shown, *below]), seen_id=seen_id, moderated=moderated
    )
    return [c for c in found if c.row.id not in top], [c for c in found if c.row.id in top]


async def more(found: list[Card], next_url: str, line_id: int = 0) -> str:
    """The next piece of a list, for a script that asked for it."""
    return await partial("feed/_list.html", cards=found, next_url=next_url, line_id=line_id)
