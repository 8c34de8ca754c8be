"""Who will see this, in words, before anything is written."""

from typing import NamedTuple

from rse.federation import queries as federation
from rse.identity.models import Person
from rse.kernel.i18n import format_list, ngettext
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import to_public
from rse.spaces.models import Space

from . import queries


class Choice(NamedTuple):
    """A place to write in, and who reads there."""

    id: str
    label: str
    words: str
    partners: tuple[str, ...]


async def choices(person: Person) -> list[Choice]:
    """Where a person may write, the company's space first."""
    found = await queries.writable_spaces(person)
    counts = {s.id: s.member_count for s in await Space.filter(id__in=[m.id for m in found])}
    return [
        await choice(
            space.id, space.name, counts.get(space.id, 0), is_company=bool(space.is_company)
        )
        for space in found
    ]


async def choice(space_id: int, name: str, members: int, *, is_company: bool = False) -> Choice:
    """One place in words: « Visible to 48 members and to Brumelis »."""
    partners = tuple(card.name for card in await federation.partners_of(space_id))
    readers = (
        _("everybody in the company")
        if is_company
        else ngettext("%(n)s member", "%(n)s members", members)
    )
    words = (
        _(
            "Visible to %(readers)s and to %(partners)s",
            readers=readers,
            partners=format_list([*partners]),
        )
        if partners
        else _("Visible to %(readers)s", readers=readers)
    )
    return Choice(to_public(space_id), f"{name} – {words}", words, partners)
