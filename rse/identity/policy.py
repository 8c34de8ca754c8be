"""What an administrator decides about profiles while the product runs."""

from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict

from rse.kernel import reads
from rse.kernel.db import transaction
from rse.kernel.models import LiveSetting

NAME = "profiles"


class ProfilePolicy(BaseModel):
    """The live settings. What tells of a person's habits is off until somebody turns it on."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    pronouns: bool = True
    endorsements: bool = False
    presence: bool = False
    typing: bool = False


async def profile_policy() -> ProfilePolicy:
    """The policy in force."""
    stored = await reads.row(_value, "SELECT value FROM live_setting WHERE name = ?", NAME)
    return ProfilePolicy.model_validate(stored or {})


def _value(column: Any) -> Any:
    """JSON: text on SQLite, already read on PostgreSQL."""
    return orjson.loads(column) if isinstance(column, str | bytes) else column


async def change_profile_policy(policy: ProfilePolicy) -> None:
    async with transaction():
        await LiveSetting.update_or_create(name=NAME, defaults={"value": policy.model_dump()})
