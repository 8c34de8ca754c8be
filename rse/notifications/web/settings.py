"""The settings of notices: what, by which channel, in which rhythm, and when not."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field
from quart import request
from quart.typing import ResponseReturnValue

from rse.identity.current import current_account, current_person, current_session
from rse.identity.models import Person
from rse.kernel import clock
from rse.kernel.errors import Invalid, RseError
from rse.kernel.forms import parse
from rse.kernel.i18n import gettext as _
from rse.notifications import preferences
from rse.notifications.drafts import Choices, DigestDraft, PauseDraft, QuietDraft
from rse.notifications.hours import clock_of, snooze_end
from rse.notifications.kinds import kinds
from rse.notifications.models import NoticeTimes
from rse.notifications.policy import NoticePolicy, policy
from rse.notifications.push import subscriptions, vapid
from rse.notifications.times import change_times, own_times, rhythm_of
from rse.notifications.words import hour_options, quiet_words, rhythm_options, weekday_options
from rse.web import go, render
from rse.web.form import Form, refused, typed

from .blueprint import SETTINGS, back, blueprint


class Device(BaseModel):
    """What a browser says of itself when it wants to show notices."""

    endpoint: str = Field(max_length=2000)
    p256dh: str = Field(max_length=120)
    auth: str = Field(max_length=60)


@blueprint.get(SETTINGS)
async def settings_page() -> str:
    return await _page(current_person(), None)


async def _page(person: Person, form: Form | None) -> str:
    times, rules = await own_times(person.id), await policy()
    usual = times.days_off if times.has_own_hours else rules.days_off
    off = set((await request.form).getlist("days_off")) if form else set(usual)
    return await render(
        "notifications/settings.html",
        form=form or Form(_values(times, rules)),
        days_off=off,
        kinds=list(kinds.values()),
        wanted=await preferences.matrix(person.id),
        levels=await preferences.count_levels(person.id),
        saved="saved" in request.args,
        devices=await subscriptions.devices_of(person.id),
        push_key=vapid.public_key(),
        rules=rules,
        company_hours=quiet_words(rules),
        rhythms=rhythm_options(),
        weekdays=weekday_options(),
        hours=hour_options(),
        paused_until=_running(times),
        pauses=_pauses(person),
    )


def _values(times: NoticeTimes, rules: NoticePolicy) -> Mapping[str, str]:
    """What stands in the forms: the person's choices, or the company's where they made none."""
    rhythm = rhythm_of(times, rules)
    theirs = times.has_own_hours
    return {
        "digest": rhythm.every,
        "digest_hour": str(rhythm.hour),
        "digest_weekday": str(rhythm.weekday),
        "has_own_hours": "on" if theirs else "",
        "quiet_from": clock_of(times.quiet_from if theirs else rules.quiet_from),
        "quiet_to": clock_of(times.quiet_to if theirs else rules.quiet_to),
        "away_from": times.away_from.isoformat() if times.away_from else "",
        "away_to": times.away_to.isoformat() if times.away_to else "",
    }


def _running(times: NoticeTimes) -> object:
    paused = times.paused_until
    return paused if paused and paused > clock.now() else None


def _pauses(person: Person) -> list[tuple[str, str]]:
    """The usual ends of a pause, as moments of the person's own day."""
    words = (("tonight", _("Until tonight")), ("tomorrow", _("Until tomorrow")),
             ("week", _("Until next Monday")))  # fmt: skip
    zone, found = ZoneInfo(person.timezone), []
    for choice, label in words:
        end = snooze_end(choice, clock.now(), person.timezone)
        if end is not None:
            found.append((label, f"{end.astimezone(zone):%Y-%m-%dT%H:%M}"))
    return found


@blueprint.post(SETTINGS)
async def choose() -> ResponseReturnValue:
    choices = await parse(Choices)
    wanted: dict[str, set[str]] = {name: set() for name in kinds}
    for channel in preferences.CHANNELS:
        for name in getattr(choices, channel):
            if name in wanted:
                wanted[name].add(channel)
    for kind in kinds.values():
        if kind.is_required:  # its box in the list is locked, so no browser sends it
            wanted[kind.name].add(preferences.IN_APP)
    await preferences.choose(current_person().id, wanted)
    return go(f"{SETTINGS}?saved=1")


@blueprint.post("/settings/notifications/digest")
async def choose_digest() -> ResponseReturnValue:
    person = current_person()
    try:
        draft = await parse(DigestDraft)
    except RseError as error:
        return refused(error, await _page(person, await _merged(person, error)))
    await change_times(person, **draft.model_dump())
    return go(f"{SETTINGS}?saved=1")


@blueprint.post("/settings/notifications/hours")
async def choose_hours() -> ResponseReturnValue:
    person = current_person()
    try:
        draft = await parse(QuietDraft)
    except RseError as error:
        return refused(error, await _page(person, await _merged(person, error)))
    await change_times(
        person, has_own_hours=draft.has_own_hours, **draft.hours,
        away_from=draft.away_from or None, away_to=draft.away_to or None,
    )  # fmt: skip
    return go(f"{SETTINGS}?saved=1")


async def _merged(person: Person, error: RseError) -> Form:
    """The words of the refused form over those of the others, which are not lost by it."""
    sent = await typed(error)
    values = _values(await own_times(person.id), await policy())
    unchecked = {} if "digest" in sent.values else {"has_own_hours": ""}
    return Form({**values, **unchecked, **sent.values}, sent.errors, sent.message)


@blueprint.post("/settings/notifications/pause")
async def pause() -> ResponseReturnValue:
    """Send nothing until then; an empty moment ends the pause."""
    person, draft = current_person(), await parse(PauseDraft)
    try:
        until = draft.moment(clock.now(), person.timezone)
    except ValueError:
        sentence = _("Choose a day and time between now and a year from now.")
        error = Invalid(sentence, {"until": sentence})
        return refused(error, await _page(person, await _merged(person, error)))
    await change_times(person, paused_until=until)
    return go(await back(f"{SETTINGS}?saved=1"))


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
