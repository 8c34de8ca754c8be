"""The list of notices: shown, read, put away for later."""

from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import BaseModel
from quart import request
from quart.typing import ResponseReturnValue

from rse.identity.current import current_person
from rse.identity.models import Person
from rse.kernel import clock
from rse.kernel.errors import Invalid
from rse.kernel.forms import parse
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import parse_public
from rse.kernel.pages import NEWEST
from rse.notifications import actions, queries
from rse.notifications.hours import snooze_end
from rse.web import go, render, respond

from .blueprint import LIST, blueprint, optional_id


class Reading(BaseModel):
    """What was read: a notice, a thread, or, with neither, everything."""

    notice: str = ""
    thread: str = ""


class Snooze(BaseModel):
    """A thread to put away: until one of the usual moments, or one of the person's own."""

    thread: str
    until: str = ""
    at: str = ""


@blueprint.get(LIST)
async def notices() -> str:
    """A page of the list; what cannot be shown any more counts as read."""
    person = current_person()
    before = request.args.get("before", "")
    found = await queries.notices_by_thread(person.id, parse_public(before) if before else NEWEST)
    if found.hidden:
        await actions.mark_hidden(person.id, found.hidden)
    return await respond(
        page="notifications/index.html",
        fragment="notifications/_list.html",
        groups=found.page.items,
        next_cursor=found.page.next_cursor,
        first=not before,
        asleep=0 if before else await queries.count_asleep(person.id),
    )


@blueprint.get("/notifications/count")
async def count() -> dict[str, int]:
    """The number of the bell, for a page that may have missed a signal."""
    return {"unread": await queries.unread_count(current_person().id)}


@blueprint.post("/notifications/read")
async def read() -> ResponseReturnValue:
    reading = await parse(Reading)
    await actions.mark_read(
        current_person().id,
        notice_id=optional_id(reading.notice),
        thread_id=optional_id(reading.thread),
    )
    return go(LIST)


@blueprint.get("/notifications/<id:notice_id>/open")
async def open_notice(notice_id: int) -> ResponseReturnValue:
    """Go to the thing itself, which counts as read."""
    person = current_person()
    notice = await queries.notice_for(person.id, notice_id)
    await actions.mark_read(person.id, notice_id=notice.id)
    return go((await queries.text_of(notice)).url)


@blueprint.get("/notifications/<id:thread_id>/snooze")
async def snooze_form(thread_id: int) -> str:
    """Choose a day and an hour of one's own."""
    return await _snooze_form(current_person(), thread_id, "", "")


@blueprint.post("/notifications/snooze")
async def snooze() -> ResponseReturnValue:
    person, chosen = current_person(), await parse(Snooze)
    thread_id = parse_public(chosen.thread)
    try:
        await actions.snooze(person.id, thread_id, _moment(person, chosen))
    except Invalid as error:
        return await _snooze_form(person, thread_id, chosen.at, error.message), error.status
    return go(LIST)


@blueprint.post("/notifications/snooze/end")
async def wake_all() -> ResponseReturnValue:
    """Have back now what sleeps."""
    await actions.wake_now(current_person().id)
    return go(LIST)


async def _snooze_form(person: Person, thread_id: int, typed: str, error: str) -> str:
    tomorrow = snooze_end("tomorrow", clock.now(), person.timezone) or clock.now()
    usual = f"{tomorrow.astimezone(ZoneInfo(person.timezone)):%Y-%m-%dT%H:%M}"
    return await render(
        "notifications/snooze.html", thread_id=thread_id, typed=typed or usual, error=error
    )


def _moment(person: Person, chosen: Snooze) -> datetime:
    """The end of the sleep; the person's own hour is meant in their own zone."""
    usual = snooze_end(chosen.until, clock.now(), person.timezone)
    if usual is not None:
        return usual
    try:
        return datetime.fromisoformat(chosen.at).replace(tzinfo=ZoneInfo(person.timezone))
    except ValueError:
        raise Invalid(_("Choose a day and time between now and a year from now.")) from None
