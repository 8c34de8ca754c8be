"""Changes to one's own page, and to who reports to whom."""

from collections.abc import Awaitable, Mapping
from dataclasses import replace

from rse.identity.events import PersonChanged
from rse.identity.models import Account, Person
from rse.identity.people import card_of, change_card, set_manager
from rse.identity.policy import profile_policy
from rse.identity.presence import show_presence
from rse.kernel.db import transaction
from rse.kernel.errors import Invalid, NotAllowed
from rse.kernel.i18n import gettext as _
from rse.profile_fields import actions as profile_fields
from rse.realtime.presence import leave

from . import queries, rules
from .drafts import HabitsDraft, ManagerDraft, ProfileDraft
from .models import SpokenLanguage


async def edit_own(
    me: Person,
    draft: ProfileDraft,
    habits: HabitsDraft,
    fields: Mapping[str, str],
    audiences: Mapping[str, str],
) -> None:
    """All of the form about oneself, or nothing of it and a sentence for each fault."""
    faults: dict[str, str] = {}
    async with transaction():
        await _collect(faults, edit_profile(me, me, draft))
        await _collect(faults, profile_fields.keep_own(me, fields, audiences))
        if faults:
            raise Invalid(_("Please check the marked fields."), faults)
        if habits.languages is not None:
            await speak(me, habits.languages)
        if habits.presence is not None:
            await _show_presence(me, shown="on" in habits.presence)


async def _show_presence(me: Person, *, shown: bool) -> None:
    await show_presence(me, shown=shown)
    if not shown:
        await leave(me.id)


async def _collect(faults: dict[str, str], step: Awaitable[None]) -> None:
    """One form, one answer: what is wrong in both halves of it."""
    try:
        await step
    except Invalid as error:
        faults |= error.fields


async def edit_profile(editor: Person, person: Person, draft: ProfileDraft) -> None:
    """Change what is sent; a field that a directory keeps is refused with the reason."""
    if not rules.may_edit(editor, person):
        raise NotAllowed(_("You can only change your own page."))
    wanted = {
        name: value
        for name, value in draft.model_dump().items()
        if value is not None and value != getattr(person, name)
    }
    if not (await profile_policy()).pronouns:
        wanted.pop("pronouns", None)
    locked = rules.locked_names(person, wanted)
    if locked:
        raise Invalid(
            _("Please check the marked fields."),
            {name: locked_sentence(directory) for name, directory in locked.items()},
        )
    await change_card(person, replace(card_of(person), **wanted))


def locked_sentence(directory: str) -> str:
    return _("Kept by your company's directory (%(name)s). Have it changed there.", name=directory)


async def speak(person: Person, codes: list[str]) -> None:
    """Say which languages one speaks; those not named are not spoken any more."""
    before = set(await queries.languages_of(person.id))
    if before == set(codes):
        return
    async with transaction() as change:
        await SpokenLanguage.filter(person_id=person.id).exclude(code__in=codes).delete()
        await SpokenLanguage.bulk_create(
            [SpokenLanguage(person_id=person.id, code=code) for code in set(codes) - before],
            ignore_conflicts=True,
        )
        change.record(PersonChanged(person.id))


async def choose_manager(editor: Account, person: Person, draft: ManagerDraft) -> None:
    """Say who somebody reports to, by name or handle; nobody when nothing is written."""
    if not rules.may_set_manager(editor, person):
        raise NotAllowed(_("You can only change your own page."))
    locked = rules.locked_names(person, [rules.MANAGER])
    if locked:
        raise _refused(locked_sentence(locked[rules.MANAGER]))
    manager_id = await _one_called(person, draft.manager) if draft.manager else None
    await set_manager(person.id, manager_id)


async def _one_called(person: Person, text: str) -> int:
    """Who is meant. A circle is refused here; a directory may bring one, and it is drawn once."""
    found = await queries.colleagues_called(text)
    if not found:
        raise _refused(_("Nobody of your company is called “%(text)s”.", text=text))
    if len(found) > 1:
        names = ", ".join(f"@{one.handle}" for one in found)
        raise _refused(_("Several people are called so. Write one of %(names)s.", names=names))
    [chosen] = found
    if chosen.id == person.id:
        raise _refused(_("Nobody reports to themselves."))
    if person.id in {place.id for place in await queries.managers_of(chosen.id)}:
        raise _refused(_("%(name)s reports to this person already.", name=chosen.display_name))
    return chosen.id


def _refused(sentence: str) -> Invalid:
    return Invalid(sentence, {"manager": sentence})
