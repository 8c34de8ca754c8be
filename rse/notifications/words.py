"""Rhythms, weekdays and quiet hours as people say them."""

from datetime import time

from babel import dates

from rse.kernel.i18n import format_list, locale
from rse.kernel.i18n import gettext as _
from rse.notifications.hours import DAILY, NEVER, WEEKLY, clock_of
from rse.notifications.policy import NoticePolicy


def rhythm_options() -> list[tuple[str, str]]:
    return [(DAILY, _("Every day")), (WEEKLY, _("Once a week")), (NEVER, _("Never"))]


def weekday_options() -> list[tuple[str, str]]:
    """Monday is 0; the names are the language's own."""
    names = dates.get_day_names("wide", locale=locale())
    return [(str(number), str(names[number])) for number in range(7)]


def hour_options() -> list[tuple[str, str]]:
    """The full hours, as the language writes them."""
    names = [dates.format_time(time(hour), "short", locale=locale()) for hour in range(24)]
    return [(str(hour), name) for hour, name in enumerate(names)]


def quiet_words(rules: NoticePolicy) -> str:
    """The company's quiet hours in one sentence; empty when it has none."""
    parts = []
    if rules.quiet_from is not None and rules.quiet_to is not None:
        start, end = clock_of(rules.quiet_from), clock_of(rules.quiet_to)
        parts.append(_("from %(start)s to %(end)s", start=start, end=end))
    if rules.days_off:
        names = dict(weekday_options())
        parts.append(_("on %(days)s", days=format_list([names[day] for day in rules.days_off])))
    if rules.holidays:
        parts.append(_("on holidays"))
    return format_list(parts)
