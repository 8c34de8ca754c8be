"""What the author of an announcement sends."""

from typing import Literal

from pydantic import field_validator

from rse.feed.drafts import EditDraft, PostDraft
from rse.feed.last_day import LastDay, day_of


class AnnouncementDraft(LastDay, PostDraft):
    """A new announcement."""

    newcomers: bool = False


class AnnouncementEdit(LastDay, EditDraft):
    """New words. A minor edit keeps what was acknowledged, a major one asks everybody again."""

    size: Literal["minor", "major"]

    @field_validator("last_day")
    @classmethod
    def _a_day(cls, value: str) -> str:
        """A day that has passed may stay as it was."""
        day = day_of(value)
        return day.isoformat() if day else ""
