"""What an administrator sets while the product runs: language, time zone, terms of use."""

from datetime import datetime
from typing import Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field

from rse.config import settings
from rse.kernel import clock, reads
from rse.kernel.db import transaction
from rse.kernel.models import LiveSetting

from .models import Account

NAME = "community"
STORED = "SELECT value FROM live_setting WHERE name = ?"


class Community(BaseModel):
    """The live settings, laid over those of the file."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    language: Literal["en", "fr", "de"] = Field(
        default_factory=lambda: settings().community.language
    )
    timezone: str = Field(default_factory=lambda: settings().community.timezone)
    terms: str = ""
    terms_changed_at: datetime | None = None
    # Counts how often the terms were changed.
    terms_version: int = 0
    # Whether an administrator lets in those who come by a link that was handed round.
    approval: bool = False


async def community() -> Community:
    """The settings in force. Hot: every page before sign-in asks for its language."""
    stored = await reads.settled_rows(_value, STORED, NAME)
    return Community.model_validate(stored[0] if stored else {})


def _value(column: Any) -> Any:
    """JSON: text on SQLite, already read on PostgreSQL."""
    return orjson.loads(column) if isinstance(column, str | bytes) else column


async def change_community(language: str, timezone: str, terms: str) -> None:
    """Change them. New terms get a date and a version, and everybody is asked for them."""
    before = await community()
    after = before.model_copy(update={"language": language, "timezone": timezone})
    async with transaction():
        if terms != before.terms:
            after = after.model_copy(
                update={
                    "terms": terms,
                    "terms_changed_at": clock.now(),
                    "terms_version": before.terms_version + 1,
                }
            )
            await Account.all().update(terms_due=bool(terms))
        await _keep(Community.model_validate(after.model_dump()))


async def set_approval(*, approval: bool) -> None:
    """Whether those who come by a link wait for an administrator."""
    live = await community()
    async with transaction():
        await _keep(live.model_copy(update={"approval": approval}))


async def _keep(live: Community) -> None:
    await LiveSetting.update_or_create(name=NAME, defaults={"value": live.model_dump(mode="json")})
