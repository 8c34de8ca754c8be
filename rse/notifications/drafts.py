"""What the forms of notices send."""

from datetime import date, datetime, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, Field, ValidationInfo, field_validator

from rse.kernel.i18n import gettext as _

from .hours import minutes_of

LONGEST_PAUSE = timedelta(days=366)


def _clock_time(text: str) -> str:
    try:
        minutes_of(text)
    except ValueError:
        raise ValueError(_("Write a time such as 19:30, or leave it empty.")) from None
    return text


def _day(text: str) -> str:
    try:
        if text.strip():
            date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(_("Choose a day, or leave it empty.")) from None
    return text.strip()


ClockTime = Annotated[str, AfterValidator(_clock_time)]
Day = Annotated[str, AfterValidator(_day)]
Weekday = Annotated[int, Field(ge=0, le=6)]


class Choices(BaseModel):
    """The kinds that are wanted, by channel."""

    in_app: list[str] = Field([], max_length=200)
    mail: list[str] = Field([], max_length=200)
    push: list[str] = Field([], max_length=200)
    digest: list[str] = Field([], max_length=200)


class DigestDraft(BaseModel):
    """How often a summary comes; the weekday matters for a weekly one alone."""

    digest: Literal["daily", "weekly", "never"]
    digest_hour: int = Field(8, ge=0, le=23)
    digest_weekday: Weekday = 0


class _Hours(BaseModel):
    quiet_from: ClockTime = ""
    quiet_to: ClockTime = Field("", validate_default=True)
    days_off: list[Weekday] = Field([], max_length=7)

    @field_validator("quiet_to")
    @classmethod
    def _both_ends(cls, value: str, info: ValidationInfo) -> str:
        if bool(str(info.data.get("quiet_from", "")).strip()) != bool(value.strip()):
            raise ValueError(_("Write both times, or leave both empty."))
        return value

    @property
    def hours(self) -> dict[str, object]:
        """As the tables keep them."""
        return {
            "quiet_from": minutes_of(self.quiet_from),
            "quiet_to": minutes_of(self.quiet_to),
            "days_off": "".join(str(day) for day in sorted(set(self.days_off))),
        }


class QuietDraft(_Hours):
    """A person's own hours, if they want their own, and their holidays."""

    has_own_hours: bool = False
    away_from: Day = ""
    away_to: Day = Field("", validate_default=True)

    @field_validator("away_to")
    @classmethod
    def _after(cls, value: str, info: ValidationInfo) -> str:
        first = str(info.data.get("away_from", ""))
        if bool(first) != bool(value):
            raise ValueError(_("Choose the first and the last day, or leave both empty."))
        if value and value < first:
            raise ValueError(_("The last day comes before the first."))
        return value


class PolicyDraft(_Hours, DigestDraft):
    """What an administrator decides for everybody."""

    holidays: str = Field("", max_length=5000)
    people_may_choose: bool = False
    urgent_passes: bool = False
    trace_days: int = Field(30, ge=1, le=365)

    @field_validator("holidays")
    @classmethod
    def _days(cls, value: str) -> str:
        for word in value.split():
            try:
                date.fromisoformat(word)
            except ValueError:
                raise ValueError(
                    _("“%(word)s” is no day. Write one day a line, such as 2027-05-01.", word=word)
                ) from None
        return value


class PauseDraft(BaseModel):
    """Until when nothing is sent; empty ends the pause."""

    until: str = ""

    def moment(self, now: datetime, zone: str) -> datetime | None:
        """ValueError for what is no moment of the year to come."""
        if not self.until:
            return None
        found = datetime.fromisoformat(self.until).replace(tzinfo=ZoneInfo(zone))
        if not now < found <= now + LONGEST_PAUSE:
            raise ValueError
        return found
