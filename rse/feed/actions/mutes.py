"""Mutes: what somebody does not want to see, and sees again."""

from rse.feed import queries, rules
from rse.feed.drafts import MuteDraft
from rse.feed.models import Mute
from rse.identity.models import Person
from rse.kernel.db import transaction
from rse.kernel.errors import Conflict, NotAllowed, NotFound
from rse.kernel.i18n import gettext as _
from rse.spaces import queries as spaces


async def mute(person: Person, draft: MuteDraft) -> None:
    """Keep a person, a thread or a space from one's own home page and notices; nobody is told."""
    await _check(person, draft)
    if await Mute.filter(person_id=person.id).count() >= rules.MOST_MUTES:
        raise Conflict(
            _("You can mute at most %(n)s things. Show one again first.", n=rules.MOST_MUTES)
        )
    async with transaction():
        made = Mute(person_id=person.id, kind=draft.kind, target_id=draft.target_id)
        await Mute.bulk_create([made], ignore_conflicts=True)


async def _check(person: Person, draft: MuteDraft) -> None:
    """What is muted must exist for them."""
    if draft.kind == "thread":
        await queries.post_for(person, draft.target_id)
    elif draft.kind == "space":
        await spaces.space_for(person, draft.target_id)
    elif draft.target_id == person.id:
        raise NotAllowed(_("You cannot mute yourself."))
    elif not await Person.exists(id=draft.target_id):
        raise NotFound(_("This person does not exist, or not any more."))


async def unmute(person: Person, target_id: int) -> None:
    """See and hear of it again."""
    await Mute.filter(person_id=person.id, target_id=target_id).delete()
