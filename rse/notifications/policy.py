"""What an administrator decides about notices: defaults, quiet hours, how long a trace is kept."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field

from rse.kernel import reads
from rse.kernel.db import transaction
from rse.kernel.models import LiveSetting

from .hours import QuietHours, Rhythm

NAME = "notifications"


class NoticePolicy(BaseModel):
    """The live settings; what is missing in the stored ones is as it comes out of the box."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    # Channels by kind, where the administrator differs from what the kinds say themselves.
    defaults: Mapping[str, list[str]] = Field(default_factory=dict)
    digest: Literal["daily", "weekly", "never"] = "weekly"
    digest_hour: int = Field(8, ge=0, le=23)
    digest_weekday: int = Field(0, ge=0, le=6)
    quiet_from: int | None = None
    quiet_to: int | None = None
    days_off: str = ""
    holidays: list[date] = Field(default_factory=list)
    people_may_choose: bool = True
    urgent_passes: bool = False
    trace_days: int = Field(30, ge=1, le=365)

    @property
    def rhythm(self) -> Rhythm:
        return Rhythm(self.digest, self.digest_hour, self.digest_weekday)

    @property
    def quiet(self) -> QuietHours:
        return QuietHours(
            start=self.quiet_from, end=self.quiet_to, days=frozenset(self.holidays),
            weekdays=frozenset(int(day) for day in self.days_off),
        )  # fmt: skip


async def policy() -> NoticePolicy:
    """The settings in force."""
    stored = await reads.row(_value, "SELECT value FROM live_setting WHERE name = ?", NAME)
    return NoticePolicy.model_validate(stored or {})


def _value(column: Any) -> Any:
    """JSON: text on SQLite, already read on PostgreSQL."""
    return orjson.loads(column) if isinstance(column, str | bytes) else column


async def change_policy(after: NoticePolicy) -> None:
    async with transaction():
        await LiveSetting.update_or_create(
            name=NAME, defaults={"value": after.model_dump(mode="json")}
        )
