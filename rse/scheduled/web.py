"""The pages of scheduled posts: the list, and one form for a new and a known one."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from quart import Blueprint, request
from quart.typing import ResponseReturnValue

from rse.feed.audience import choices
from rse.feed.last_day import today
from rse.files.uploads import uploads
from rse.identity.current import current_person
from rse.identity.models import Person
from rse.kernel import clock
from rse.kernel.errors import Invalid, RseError
from rse.kernel.forms import parse
from rse.kernel.i18n import current_zone, format_datetime, zone_in_words
from rse.kernel.ids import to_public
from rse.web.render import go, render

from . import actions, queries
from .drafts import ScheduleDraft
from .models import ScheduledPost

blueprint = Blueprint("scheduled", __name__)
HERE = "/scheduled"


@blueprint.get(HERE)
async def index() -> str:
    """What waits, and what was refused."""
    found = await queries.own(current_person())
    return await render("scheduled/index.html", posts=found, zone=zone_in_words())


@blueprint.get("/scheduled/new")
async def new() -> str:
    return await _form(current_person(), {"space": request.args.get("space", "")}, [])


@blueprint.post("/scheduled/new")
async def from_composer() -> ResponseReturnValue:
    """What stands in the composer, to be given a moment. Its files are kept from now on."""
    author, form = current_person(), await request.form
    try:
        files = await uploads(author)
    except RseError as error:
        return await _form(author, form, [], error), error.status
    return await _form(author, form, files)


@blueprint.post(HERE)
async def create() -> ResponseReturnValue:
    author = current_person()
    files = (await request.form).getlist("files")
    try:
        await actions.schedule(author, await parse(ScheduleDraft))
    except RseError as error:
        return await _form(author, await request.form, files, error), error.status
    return go(HERE)


@blueprint.get("/scheduled/<id:scheduled_id>")
async def show(scheduled_id: int) -> str:
    author = current_person()
    found = await queries.scheduled_for(author, scheduled_id)
    at = found.send_at.astimezone(ZoneInfo(current_zone()))
    typed = {
        "space": to_public(found.space_id), "title": found.title, "body": found.source,
        "day": f"{at:%Y-%m-%d}", "time": f"{at:%H:%M}",
    }  # fmt: skip
    return await _form(author, typed, found.files, known=found)


@blueprint.post("/scheduled/<id:scheduled_id>")
async def change(scheduled_id: int) -> ResponseReturnValue:
    author = current_person()
    found = await queries.scheduled_for(author, scheduled_id)
    files = (await request.form).getlist("files")
    try:
        await actions.change(author, scheduled_id, await parse(ScheduleDraft))
    except RseError as error:
        page = await _form(author, await request.form, files, error, known=found)
        return page, error.status
    return go(HERE)


@blueprint.post("/scheduled/<id:scheduled_id>/cancellation")
async def cancel(scheduled_id: int) -> ResponseReturnValue:
    await actions.cancel(current_person(), scheduled_id)
    return go(HERE)


async def _form(
    author: Person,
    typed: Mapping[str, str],
    files: list[str],
    error: RseError | None = None,
    *,
    known: ScheduledPost | None = None,
) -> str:
    return await render(
        "scheduled/form.html",
        typed=typed,
        files=files,
        action=f"{HERE}/{to_public(known.id)}" if known else HERE,
        choices=await choices(author),
        error=error.message if error else "",
        fields=error.fields if isinstance(error, Invalid) else {},
        today=today().isoformat(),
        now=format_datetime(clock.now()),
        zone=zone_in_words(),
    )
