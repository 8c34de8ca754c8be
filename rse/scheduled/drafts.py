"""What is sent to have a post published later."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import ValidationInfo, field_validator

from rse.feed.drafts import PostDraft
from rse.feed.last_day import day_of
from rse.kernel import clock
from rse.kernel.i18n import current_zone
from rse.kernel.i18n import gettext as _

FARTHEST = timedelta(days=366)


class ScheduleDraft(PostDraft):
    """A post with a day and an hour, where the author is."""

    day: str
    time: str

    @field_validator("day")
    @classmethod
    def _a_day(cls, value: str) -> str:
        found = day_of(value)
        if found is None:
            raise ValueError(_("Fill in this field."))
        if not 2000 < found.year < 9999:
            raise ValueError(_("Choose a moment within a year from now."))
        return found.isoformat()

    @field_validator("time")
    @classmethod
    def _an_hour_to_come(cls, value: str, info: ValidationInfo) -> str:
        try:
            hour = time.fromisoformat(value.strip())
        except ValueError:
            raise ValueError(_("Write an hour, such as 08:30.")) from None
        if "day" in info.data:
            wait = _moment(info.data["day"], hour) - clock.now()
            if wait <= timedelta(0):
                raise ValueError(_("This moment has passed. Choose a later one."))
            if wait > FARTHEST:
                raise ValueError(_("Choose a moment within a year from now."))
        return f"{hour:%H:%M}"

    @property
    def send_at(self) -> datetime:
        return _moment(self.day, time.fromisoformat(self.time))


def _moment(day: str, hour: time) -> datetime:
    zone = ZoneInfo(current_zone())
    local = datetime.fromisoformat(day).replace(hour=hour.hour, minute=hour.minute, tzinfo=zone)
    return local.astimezone(UTC)  # SQLite compares moments as text
