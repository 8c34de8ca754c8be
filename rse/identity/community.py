"""What an administrator sets while the product runs: language, time zone, terms of use."""

from datetime import datetime
from typing import Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field

from rse.config import settings
from rse.kernel import clock, reads
from rse.kernel.db import transaction
from rse.kernel.models import LiveSetting

NAME = "community"


class Community(BaseModel):
    """The live settings, laid over those of the file."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    language: Literal["en", "fr", "de"] = Field(
        default_factory=lambda: settings().community.language
    )
    timezone: str = Field(default_factory=lambda: settings().community.timezone)
    terms: str = ""
    terms_changed_at: datetime | None = None


async def community() -> Community:
    """The settings in force. Hot: every page before sign-in asks for its language."""
    stored = await reads.row(_value, "SELECT value FROM live_setting WHERE name = ?", NAME)
    return Community.model_validate(stored or {})


def _value(column: Any) -> Any:
    """JSON: text on SQLite, already read on PostgreSQL."""
    return orjson.loads(column) if isinstance(column, str | bytes) else column


async def change_community(language: str, timezone: str, terms: str) -> None:
    """Change them; new terms are dated, so that one sees which ones somebody accepted."""
    before = await community()
    changed_at = before.terms_changed_at if terms == before.terms else clock.now()
    after = Community.model_validate(
        {"language": language, "timezone": timezone, "terms": terms, "terms_changed_at": changed_at}
    )
    async with transaction():
        await LiveSetting.update_or_create(
            name=NAME, defaults={"value": after.model_dump(mode="json")}
        )
