"""Changes to one's own page."""

from dataclasses import replace

from rse.identity.models import Person
from rse.identity.people import Card, change_card
from rse.kernel.errors import Invalid, NotAllowed
from rse.kernel.i18n import gettext as _

from . import rules
from .drafts import ProfileDraft


async def edit_profile(editor: Person, person: Person, draft: ProfileDraft) -> None:
    """Change what is sent; a field that a directory keeps is refused with the reason."""
    if not rules.may_edit(editor, person):
        raise NotAllowed(_("You can only change your own page."))
    wanted = {
        name: value
        for name, value in draft.model_dump().items()
        if value is not None and value != getattr(person, name)
    }
    locked = rules.locked_names(person, wanted)
    if locked:
        raise Invalid(
            _("Please check the marked fields."),
            {name: locked_sentence(directory) for name, directory in locked.items()},
        )
    await change_card(person, replace(_card_of(person), **wanted))


def locked_sentence(directory: str) -> str:
    return _("Kept by your company's directory (%(name)s). Have it changed there.", name=directory)


def _card_of(person: Person) -> Card:
    return Card(
        display_name=person.display_name,
        title=person.title,
        email=person.email,
        phone=person.phone,
        about=person.about,
    )
