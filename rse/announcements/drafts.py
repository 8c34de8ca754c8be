"""What the author of an announcement sends."""

from typing import Literal

from pydantic import Field, field_validator

from rse.feed.drafts import EditDraft, PostDraft
from rse.feed.last_day import LastDay, day_of
from rse.kernel.ids import parse_public

from .rules import MOST_REMIND_DAYS


class AnnouncementDraft(LastDay, PostDraft):
    """A new announcement."""

    newcomers: bool = False
    urgent: bool = False
    remind_days: int = Field(1, ge=1, le=MOST_REMIND_DAYS)
    # Who is not asked: names with or without their @, and outside ids of spaces.
    except_people: str = Field("", max_length=4000)
    except_spaces: list[str] = Field(default_factory=list, max_length=50)

    @property
    def handles(self) -> list[str]:
        words = self.except_people.replace(",", " ").replace(";", " ").casefold().split()
        return list(dict.fromkeys(word.lstrip("@") for word in words if word.strip("@")))

    @property
    def except_space_ids(self) -> list[int]:
        return [parse_public(text) for text in self.except_spaces]


class AnnouncementEdit(LastDay, EditDraft):
    """New words. A minor edit keeps what was acknowledged, a major one asks everybody again."""

    size: Literal["minor", "major"]
    remind_days: int = Field(1, ge=1, le=MOST_REMIND_DAYS)

    @field_validator("last_day")
    @classmethod
    def _a_day(cls, value: str) -> str:
        """A day that has passed may stay as it was."""
        day = day_of(value)
        return day.isoformat() if day else ""
