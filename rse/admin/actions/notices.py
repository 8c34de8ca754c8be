"""What an administrator sets about notices, and looking into one person's."""

from datetime import date

from rse.identity.models import Account
from rse.kernel.db import transaction
from rse.notifications.drafts import PolicyDraft
from rse.notifications.kinds import kinds
from rse.notifications.policy import NoticePolicy, change_policy, policy
from rse.notifications.preferences import CHANNELS, IN_APP, usual

from .audit import note


async def change_notices(actor: Account, draft: PolicyDraft) -> None:
    """Quiet hours, digests and how long a trace is kept: in force from the next notice on."""
    before = await policy()
    values = {
        **draft.model_dump(include={"digest", "digest_hour", "digest_weekday", "people_may_choose",
                                    "urgent_passes", "trace_days"}),
        **draft.hours,
        "holidays": [date.fromisoformat(word) for word in draft.holidays.split()],
        "defaults": before.defaults,
    }  # fmt: skip
    async with transaction():
        await change_policy(NoticePolicy.model_validate(values))
        await note(actor, "notices.changed")


async def change_defaults(actor: Account, wanted: dict[str, set[str]]) -> None:
    """What whoever has chosen nothing hears of; kept where it is not what the kinds say."""
    before, bare = await policy(), NoticePolicy()
    differing = {
        name: [channel for channel in CHANNELS if channel in _with_required(name, channels)]
        for name, channels in wanted.items()
        if name in kinds and _with_required(name, channels) != usual(kinds[name], bare)
    }
    async with transaction():
        await change_policy(before.model_copy(update={"defaults": differing}))
        await note(actor, "notices.defaults_changed")


def _with_required(name: str, channels: set[str]) -> set[str]:
    return channels | {IN_APP} if kinds[name].is_required else channels


async def note_tracing(actor: Account, sought: str) -> None:
    """Looking into somebody's notices leaves a trace itself."""
    async with transaction():
        await note(actor, "notices.traced", subject=sought[:120])
