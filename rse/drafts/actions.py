"""Changes to drafts: kept, kept anew, thrown away."""

from tortoise.exceptions import IntegrityError

from rse.identity.models import Person
from rse.kernel import clock
from rse.kernel.db import transaction
from rse.kernel.errors import Conflict, Invalid
from rse.kernel.i18n import gettext as _

from . import queries
from .drafts import DraftInput
from .models import SavedDraft


async def save(person: Person, draft: DraftInput, *, is_rescue: bool = False) -> SavedDraft | None:
    """Keep what was typed. None when there is nothing to keep, or no more: it was sent.

    `is_rescue`: the words have no other place to stay, however many drafts there are.

    Conflict when the draft was changed elsewhere since it was loaded; nothing is overwritten.
    """
    if draft.is_empty or await queries.was_sent(person, draft.key):
        await forget(person.id, draft.key)
        return None
    known = await SavedDraft.get_or_none(person_id=person.id, key=draft.key)
    if known is None:
        if not is_rescue:
            await _check_room(person)
        return await _keep(person, draft)
    said = (known.title, known.source, known.files)
    if said == (draft.title, draft.body, draft.uploads) and known.space_id == draft.space_id:
        return known
    async with transaction():
        saved = await SavedDraft.filter(id=known.id, version=draft.version).update(
            title=draft.title, source=draft.body, files=draft.uploads, space_id=draft.space_id,
            version=draft.version + 1, saved_at=clock.now(),
        )  # fmt: skip
    present = await SavedDraft.get_or_none(id=known.id)  # none: it was sent this very moment
    if present and not saved:
        raise Conflict(
            _("This draft was changed elsewhere meanwhile. Both are kept, each as a draft.")
        )
    return present


async def _check_room(person: Person) -> None:
    if await SavedDraft.filter(person_id=person.id).count() >= queries.MOST:
        raise Invalid(
            _("You have %(n)s drafts. Send or throw away some, then save again.", n=queries.MOST)
        )


async def _keep(person: Person, draft: DraftInput) -> SavedDraft | None:
    try:
        async with transaction():
            made = await SavedDraft.create(
                person=person, key=draft.key, place=draft.place, space_id=draft.space_id,
                title=draft.title, source=draft.body, files=draft.uploads,
            )  # fmt: skip
    except IntegrityError:  # the same form, saved at the same moment on another connection
        return await SavedDraft.get_or_none(person_id=person.id, key=draft.key)
    if await queries.was_sent(person, draft.key):
        await forget(person.id, draft.key)
        return None
    return made


async def forget(person_id: int, key: str) -> None:
    """A form that was sent, or emptied, leaves no draft."""
    await SavedDraft.filter(person_id=person_id, key=key).delete()


async def discard(person: Person, draft_id: int) -> None:
    """Throw a draft away. Twice is once."""
    await SavedDraft.filter(id=draft_id, person_id=person.id).delete()
