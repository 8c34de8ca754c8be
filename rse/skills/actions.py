"""Changes to skills: one's own, and what one confirms of others'."""

from rse.identity.events import PersonChanged
from rse.identity.models import Person
from rse.identity.policy import profile_policy
from rse.kernel.db import transaction
from rse.kernel.errors import Invalid, NotAllowed
from rse.kernel.i18n import gettext as _

from . import queries, rules
from .drafts import SkillDraft
from .models import Endorsement, PersonSkill, Skill


async def add(person: Person, draft: SkillDraft) -> None:
    """Add one of one's skills, in the spelling that others use already."""
    key = rules.key_of(draft.name)
    if not key:
        raise _refused(_("Fill in this field."))
    if await PersonSkill.filter(person_id=person.id).count() >= rules.MOST_SKILLS:
        raise _refused(_("You can have at most %(n)s skills.", n=rules.MOST_SKILLS))
    async with transaction() as change:
        await Skill.bulk_create([Skill(key=key, name=draft.name)], ignore_conflicts=True)
        skill = await Skill.get(key=key)
        await PersonSkill.bulk_create(
            [PersonSkill(person_id=person.id, skill_id=skill.id)], ignore_conflicts=True
        )
        change.record(PersonChanged(person.id))


async def remove(person: Person, held_id: int) -> None:
    """Take a skill off one's page; a skill that nobody has is no suggestion any more."""
    async with transaction() as change:
        held = await PersonSkill.get_or_none(id=held_id, person_id=person.id)
        if held is None:
            return
        await held.delete()
        if not await PersonSkill.exists(skill_id=held.skill_id):
            await Skill.filter(id=held.skill_id).delete()
        change.record(PersonChanged(person.id))


async def toggle_endorsement(endorser: Person, held_id: int) -> int:
    """Confirm another's skill, or take that back; whose skill it is."""
    held = await queries.held_for(held_id)
    if not (await profile_policy()).endorsements:
        raise NotAllowed(_("Skills are not confirmed here."))
    if not rules.may_endorse(endorser, held.person_id):
        raise NotAllowed(_("You cannot confirm your own skills."))
    async with transaction():
        mine = Endorsement.filter(held_id=held.id, endorser_id=endorser.id)
        if not await mine.delete():
            await Endorsement.bulk_create(
                [Endorsement(held_id=held.id, endorser_id=endorser.id)], ignore_conflicts=True
            )
    return held.person_id


def _refused(sentence: str) -> Invalid:
    return Invalid(sentence, {"name": sentence})
