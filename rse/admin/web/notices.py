"""Notices: defaults, quiet hours, and the way of one notice from event to delivery."""

from datetime import datetime
from zoneinfo import ZoneInfo

from quart import Blueprint, request
from quart.typing import ResponseReturnValue

from rse.admin.actions import notices as actions
from rse.admin.queries import notices as queries
from rse.identity.current import current_account
from rse.kernel.errors import NotFound, RseError
from rse.kernel.forms import parse
from rse.kernel.i18n import N_, current_zone
from rse.kernel.i18n import gettext as _
from rse.notifications import preferences
from rse.notifications.drafts import Choices, PolicyDraft
from rse.notifications.hours import clock_of
from rse.notifications.kinds import kinds
from rse.notifications.policy import NoticePolicy, policy
from rse.notifications.words import hour_options, rhythm_options, weekday_options
from rse.web import go, render
from rse.web.form import Form, refused, typed

from .asked import asked_id

blueprint = Blueprint("notices", __name__)

PAGE = "/admin/notifications"
CHANNEL_WORDS = {
    "in_app": N_("In the list"), "mail": N_("By mail"), "push": N_("On devices"),
    "digest": N_("In the summary"),
}  # fmt: skip
STEP_WORDS = {
    "decided": N_("Decided"), "queued": N_("Queued"), "held": N_("Held back"),
    "handed": N_("Handed over"), "refused": N_("Refused"), "dropped": N_("Let go"),
    "bounced": N_("Came back"), "turned_away": N_("Not told"),
}  # fmt: skip
WHY_WORDS = {
    "yes": N_("yes"), "required": N_("yes, it is required"), "choice": N_("no, by their choice"),
    "level": N_("no, muted here"), "no_mail": N_("no, they left the mail of this conversation"),
    "by_mail": N_("no, a mail goes out at once"), "no_access": N_("may not see it"),
    "read": N_("it was read meanwhile"), "address": N_("mail to the address comes back"),
    "person": N_("the person or the notice is gone"), "device": N_("the device is gone"),
    "no_answer": N_("no answer"),
}  # fmt: skip


@blueprint.get(PAGE)
async def page() -> ResponseReturnValue:
    return await _page(Form(_values(await policy())), saved="saved" in request.args)


@blueprint.post(PAGE)
async def change() -> ResponseReturnValue:
    try:
        await actions.change_notices(current_account(), await parse(PolicyDraft))
    except RseError as error:
        return refused(error, await _page(await typed(error)))
    return go(f"{PAGE}?saved=1")


@blueprint.post(f"{PAGE}/defaults")
async def change_defaults() -> ResponseReturnValue:
    choices = await parse(Choices)
    wanted = {
        name: {c for c in preferences.CHANNELS if name in getattr(choices, c)} for name in kinds
    }
    await actions.change_defaults(current_account(), wanted)
    return go(f"{PAGE}?saved=1")


async def _page(form: Form, *, saved: bool = False) -> str:
    rules = await policy()
    sent = await request.form
    off = sent.getlist("days_off") if form.message else list(rules.days_off)
    return await render(
        "admin/notices.html",
        form=form,
        saved=saved,
        days_off=set(off),
        kinds=list(kinds.values()),
        wanted={name: preferences.usual(kind, rules) for name, kind in kinds.items()},
        rhythms=rhythm_options(),
        weekdays=weekday_options(),
        hours=hour_options(),
    )


def _values(rules: NoticePolicy) -> dict[str, str]:
    return {
        "digest": rules.digest,
        "digest_hour": str(rules.digest_hour),
        "digest_weekday": str(rules.digest_weekday),
        "quiet_from": clock_of(rules.quiet_from),
        "quiet_to": clock_of(rules.quiet_to),
        "holidays": "\n".join(day.isoformat() for day in rules.holidays),
        "people_may_choose": "on" if rules.people_may_choose else "",
        "urgent_passes": "on" if rules.urgent_passes else "",
        "trace_days": str(rules.trace_days),
    }


@blueprint.get(f"{PAGE}/trace")
async def trace() -> ResponseReturnValue:
    """Find one notice by person, object and time."""
    login, thing = (request.args.get(name, "").strip()[:300] for name in ("person", "thing"))
    sought = queries.Sought(login, thing, _moment(request.args.get("before", "")), asked_id("next"))
    if login:
        await actions.note_tracing(current_account(), login)
    found = await queries.decisions(sought)
    return await render(
        "admin/trace.html",
        steps=found.items,
        next_cursor=found.next_cursor,
        login=login,
        thing=thing,
        before=request.args.get("before", ""),
        asked=bool(login or thing),
        days=(await policy()).trace_days,
        **_words(),
    )


def _moment(text: str) -> datetime | None:
    """Up to when, in the administrator's own zone; what cannot be read is now."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(current_zone()))
    except ValueError:
        return None


@blueprint.get(f"{PAGE}/trace/<id:trace_id>")
async def one_trace(trace_id: int) -> ResponseReturnValue:
    """All that happened to one notice."""
    found = await queries.steps(trace_id)
    if not found:
        raise NotFound(_("This page does not exist, or not any more."))
    await actions.note_tracing(current_account(), found[0].person.handle)
    return await render("admin/trace_one.html", steps=found, head=found[0], **_words())


def _words() -> dict[str, object]:
    return {
        "channel_words": {code: _(words) for code, words in CHANNEL_WORDS.items()},
        "step_words": {code: _(words) for code, words in STEP_WORDS.items()},
        "why_words": {code: _(words) for code, words in WHY_WORDS.items()},
        "kind_words": {kind.name: _(kind.title) for kind in kinds.values()},
    }
