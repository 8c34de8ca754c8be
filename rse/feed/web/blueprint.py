"""The feed's blueprint, and what its views share."""

from quart import Blueprint, current_app, request
from quart.datastructures import FileStorage

from rse.feed.cards import Card, cards
from rse.files import actions as files
from rse.identity.models import Person
from rse.kernel.errors import NotFound
from rse.kernel.ids import parse_public, to_public
from rse.kernel.pages import NEWEST, Page
from rse.web.render import partial

blueprint = Blueprint("feed", __name__)


def cursor() -> int:
    """Where the list goes on; a cursor that cannot be read starts at the top."""
    try:
        return parse_public(request.args.get("before", ""))
    except NotFound:
        return NEWEST


async def uploads(person: Person) -> list[str]:
    """Store the files of a form; their outside ids. Empty pickers send an empty part."""
    sent: list[FileStorage] = (await request.files).getlist("files")
    stored = [
        await files.store(person, file.filename or "", file.read())
        for file in sent[: files.MAX_FILES]
        if file.filename
    ]
    return [to_public(file.id) for file in stored]


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


async def more(found: list[Card], next_url: str, line_id: int = 0) -> str:
    """The next piece of a list, for a script that asked for it."""
    return await partial("feed/_list.html", cards=found, next_url=next_url, line_id=line_id)
