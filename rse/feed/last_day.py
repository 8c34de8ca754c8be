"""The last day of something: chosen by its writer, read in each reader's zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import BaseModel, field_validator

from rse.kernel import clock
from rse.kernel.i18n import current_zone, format_date
from rse.kernel.i18n import gettext as _


def today() -> date:
    return clock.now().astimezone(ZoneInfo(current_zone())).date()


def last_day_of(closes_at: datetime) -> date:
    """The day something ends, where the reader is; it closes with the day's last second."""
    return (closes_at - timedelta(seconds=1)).astimezone(ZoneInfo(current_zone())).date()


def day_of(value: str) -> date | None:
    """What a date picker sent; None when it was left empty."""
    try:
        return date.fromisoformat(value.strip()) if value.strip() else None
    except ValueError:
        raise ValueError(_("Write a day, such as 2027-03-31.")) from None


def last_day_text(closes_at: datetime) -> str:
    """The last day in the reader's words and zone."""
    return format_date(last_day_of(closes_at))


class LastDay(BaseModel):
    """The last day of something, as a date picker sends it; empty for none."""

    last_day: str = ""

    @field_validator("last_day")
    @classmethod
    def _a_day(cls, value: str) -> str:
        day = day_of(value)
        if day is None:
            return ""
        if not today() <= day <= today() + timedelta(days=3660):
            raise ValueError(_("Choose today or a later day."))
        return day.isoformat()

    @property
    def closes_at(self) -> datetime | None:
        """The end of that day where the writer is."""
        if not self.last_day:
            return None
        following = date.fromisoformat(self.last_day) + timedelta(days=1)
        # In UTC: SQLite compares moments as text.
        return datetime.combine(following, time(), ZoneInfo(current_zone())).astimezone(UTC)
