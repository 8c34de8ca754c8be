"""What the author of an announcement sends."""

from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, field_validator

from rse.feed.drafts import EditDraft, PostDraft
from rse.kernel import clock
from rse.kernel.i18n import current_zone
from rse.kernel.i18n import gettext as _


def today() -> date:
    return clock.now().astimezone(ZoneInfo(current_zone())).date()


def last_day_of(closes_at: datetime) -> date:
    """The day an announcement ends, where the reader is; it closes with the day's last second."""
    return (closes_at - timedelta(seconds=1)).astimezone(ZoneInfo(current_zone())).date()


class _Closing(BaseModel):
    """The last day, as a date picker sends it; empty for none."""

    last_day: str = ""

    @field_validator("last_day")
    @classmethod
    def _a_day(cls, value: str) -> str:
        if not value.strip():
            return ""
        try:
            day = date.fromisoformat(value.strip())
        except ValueError:
            raise ValueError(_("Write a day, such as 2027-03-31.")) from None
        if not today() <= day <= today() + timedelta(days=3660):
            raise ValueError(_("Choose today or a later day."))
        return day.isoformat()

    @property
    def closes_at(self) -> datetime | None:
        """The end of that day where the author is."""
        if not self.last_day:
            return None
        following = date.fromisoformat(self.last_day) + timedelta(days=1)
        return datetime.combine(following, time(), ZoneInfo(current_zone()))


class AnnouncementDraft(_Closing, PostDraft):
    """A new announcement."""

    newcomers: bool = False


class AnnouncementEdit(_Closing, EditDraft):
    """New words. A minor edit keeps what was acknowledged, a major one asks everybody again."""

    size: Literal["minor", "major"]

    @field_validator("last_day")
    @classmethod
    def _a_day(cls, value: str) -> str:
        """A day that has passed may stay as it was."""
        try:
            return date.fromisoformat(value.strip()).isoformat() if value.strip() else ""
        except ValueError:
            raise ValueError(_("Write a day, such as 2027-03-31.")) from None
