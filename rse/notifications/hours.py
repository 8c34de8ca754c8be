"""When a person may be told, and when their digest is due. Pure: no database, no clock."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY_MINUTES = 24 * 60
# Holidays, weekends and nights in a row; past that somebody mistyped a year.
_MOST_STEPS = 1000

DAILY, WEEKLY, NEVER = "daily", "weekly", "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """Hours of the day, days of the week and days of the calendar on which nothing is sent."""

    start: int | None = None
    end: int | None = None
    weekdays: Collection[int] = ()
    days: Collection[date] = ()
    away: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a digest comes; the hour is that of the person's own day."""

    every: str
    hour: int
    weekday: int


def quiet_until(quiet: QuietHours, moment: datetime, zone: str) -> datetime | None:
    """The end of the silence that `moment` falls into; None outside of any."""
    reached = moment
    for _step in range(_MOST_STEPS):
        end = _end_of(quiet, reached.astimezone(ZoneInfo(zone)))
        if end is None:
            break
        reached = end.astimezone(UTC)
    return reached if reached > moment else None


def _end_of(quiet: QuietHours, local: datetime) -> datetime | None:
    if _is_day_off(quiet, local.date()):
        return _at(local, local.date() + timedelta(days=1), 0)
    start, end = quiet.start, quiet.end
    if start is None or end is None or start == end:
        return None
    minute = local.hour * 60 + local.minute
    if start < end:
        return _at(local, local.date(), end) if start <= minute < end else None
    if minute >= start:
        return _at(local, local.date() + timedelta(days=1), end)
    return _at(local, local.date(), end) if minute < end else None


def _is_day_off(quiet: QuietHours, day: date) -> bool:
    if day.weekday() in quiet.weekdays or day in quiet.days:
        return True
    return quiet.away is not None and quiet.away[0] <= day <= quiet.away[1]


def _at(local: datetime, day: date, minute: int) -> datetime:
    """By the wall clock, so that a change of the hour moves nothing."""
    return datetime.combine(day, time(minute // 60, minute % 60), local.tzinfo)


def next_digest(rhythm: Rhythm, moment: datetime, zone: str) -> datetime | None:
    """The first moment after `moment` at which a digest is due; None when none is wanted."""
    if rhythm.every not in {DAILY, WEEKLY}:
        return None
    local = moment.astimezone(ZoneInfo(zone))
    for ahead in range(9):
        day = local.date() + timedelta(days=ahead)
        due = _at(local, day, rhythm.hour * 60)
        if due > local and (rhythm.every == DAILY or day.weekday() == rhythm.weekday):
            return due.astimezone(UTC)
    return None


def snooze_end(choice: str, moment: datetime, zone: str) -> datetime | None:
    """Tonight at six, tomorrow or next Monday at eight, in the person's own day."""
    local = moment.astimezone(ZoneInfo(zone))
    if choice == "tonight":
        # After six, tonight is in three hours: what sleeps must sleep.
        end = _at(local, local.date(), 18 * 60)
        return (end if end > local else local + timedelta(hours=3)).astimezone(UTC)
    days = {"tomorrow": 1, "week": 7 - local.weekday()}.get(choice)
    if days is None:
        return None
    return _at(local, local.date() + timedelta(days=days), 8 * 60).astimezone(UTC)


def minutes_of(text: str) -> int | None:
    """« 19:30 » as minutes of the day; ValueError for what no clock shows."""
    if not text.strip():
        return None
    moment = time.fromisoformat(text.strip())
    return moment.hour * 60 + moment.minute


def clock_of(minutes: int | None) -> str:
    return "" if minutes is None else f"{minutes // 60:02d}:{minutes % 60:02d}"
