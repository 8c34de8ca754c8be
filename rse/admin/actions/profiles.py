"""What profiles hold: the policy, and the company's own fields."""

from rse.identity.models import Account
from rse.identity.policy import ProfilePolicy, change_profile_policy
from rse.kernel.db import transaction
from rse.profile_fields import actions as fields
from rse.profile_fields.drafts import FieldDraft

from .audit import note


async def change_policy(actor: Account, policy: ProfilePolicy) -> None:
    """In force from the next page on. Nothing people wrote is lost when it is hidden."""
    async with transaction():
        await change_profile_policy(policy)
        on = [name for name, value in policy.model_dump().items() if value]
        await note(actor, "profiles.changed", subject=", ".join(on))


async def create_field(actor: Account, draft: FieldDraft) -> None:
    async with transaction():
        made = await fields.create_field(actor.person, draft)
        await note(actor, "field.made", subject=made.name_en, reason=draft.audience)


async def change_field(actor: Account, field_id: int, draft: FieldDraft) -> None:
    async with transaction():
        changed = await fields.change_field(actor.person, field_id, draft)
        await note(actor, "field.changed", subject=changed.name_en, reason=draft.audience)


async def remove_field(actor: Account, field_id: int) -> None:
    async with transaction():
        removed = await fields.remove_field(field_id)
        await note(actor, "field.removed", subject=removed.name_en)
