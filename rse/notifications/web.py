"""The list of notices, reading them, and the form of what one wants to hear."""

from collections.abc import Sequence

from pydantic import BaseModel, Field
from quart import Blueprint, request
from quart.typing import ResponseReturnValue

from rse.identity.current import current_account, current_person, current_session
from rse.identity.models import Person
from rse.kernel.forms import parse
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import parse_public
from rse.kernel.pages import NEWEST
from rse.web import go, render, respond
from rse.web.shell import NavItem

from . import actions, preferences, queries
from .kinds import kinds
from .push import subscriptions, vapid

blueprint = Blueprint("notifications", __name__)

LIST = "/notifications"
SETTINGS = "/settings/notifications"


class Reading(BaseModel):
    """What was read: a notice, a thread, or, with neither, everything."""

    notice: str = ""
    thread: str = ""


class Muting(BaseModel):
    """A thread or space to hear nothing of, or to hear of again."""

    object: str
    muted: bool = True


class Choices(BaseModel):
    """The kinds that are wanted, by channel."""

    in_app: list[str] = Field([], max_length=200)
    mail: list[str] = Field([], max_length=200)
    push: list[str] = Field([], max_length=200)


class Device(BaseModel):
    """What a browser says of itself when it wants to show notices."""

    endpoint: str = Field(max_length=2000)
    p256dh: str = Field(max_length=120)
    auth: str = Field(max_length=60)


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
        unread=await queries.unread_count(person.id),
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
        notice_id=parse_public(reading.notice) if reading.notice else None,
        thread_id=parse_public(reading.thread) if reading.thread else None,
    )
    return go(LIST)


@blueprint.get("/notifications/<id:notice_id>/open")
async def open_notice(notice_id: int) -> ResponseReturnValue:
    """Go to the thing itself, which counts as read."""
    person = current_person()
    notice = await queries.notice_for(person.id, notice_id)
    await actions.mark_read(person.id, notice_id=notice.id)
    return go((await queries.text_of(notice)).url)


@blueprint.post("/notifications/mutes")
async def mute() -> ResponseReturnValue:
    muting = await parse(Muting)
    change = preferences.mute if muting.muted else preferences.unmute
    await change(current_person().id, parse_public(muting.object))
    return go(LIST)


@blueprint.post("/notifications/mutes/removal")
async def unmute_all() -> ResponseReturnValue:
    await preferences.unmute(current_person().id)
    return go(SETTINGS)


@blueprint.get(SETTINGS)
async def settings_page() -> str:
    person = current_person()
    return await render(
        "notifications/settings.html",
        kinds=list(kinds.values()),
        wanted=await preferences.matrix(person.id),
        muted=await preferences.count_muted(person.id),
        saved="saved" in request.args,
        devices=await subscriptions.devices_of(person.id),
        push_key=vapid.public_key(),
    )


@blueprint.post(SETTINGS)
async def choose() -> ResponseReturnValue:
    choices = await parse(Choices)
    wanted: dict[str, set[str]] = {name: set() for name in kinds}
    for channel in preferences.CHANNELS:
        for name in getattr(choices, channel):
            if name in wanted:
                wanted[name].add(channel)
    await preferences.choose(current_person().id, wanted)
    return go(f"{SETTINGS}?saved=1")


@blueprint.post("/settings/notifications/devices")
async def add_device() -> ResponseReturnValue:
    """Show notices on this browser, for as long as it stays signed in."""
    account, session = current_account(), current_session()
    device = await parse(Device)
    assert session is not None  # noqa: S101 - there is an account
    keys = subscriptions.read_keys(device.p256dh, device.auth)
    await subscriptions.subscribe(account.person_id, session, device.endpoint, keys)
    return go(SETTINGS)


@blueprint.post("/settings/notifications/devices/<id:device_id>/removal")
async def remove_device(device_id: int) -> ResponseReturnValue:
    await subscriptions.unsubscribe(current_person().id, device_id)
    return go(SETTINGS)


async def count_for_bell(person: Person) -> int:
    return await queries.unread_count(person.id)


async def navigation(person: Person) -> Sequence[NavItem]:
    """The place, whose count the frame knows already, and the tab among the settings."""
    title = _("Notifications")
    return [
        NavItem(group="places", label=title, url="/notifications", icon="bell", position=2),
        NavItem(group="settings", label=title, url=SETTINGS, position=30),
    ]
