"""Who will see this, in words, before anything is written."""

from functools import lru_cache
from typing import NamedTuple

from rse.federation import queries as federation
from rse.identity.models import Person
from rse.kernel.i18n import current_language, format_list, ngettext
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

    @property
    def warning(self) -> str:
        """What is written here goes to other companies, said before it does."""
        if not self.partners:
            return ""
        return ngettext(
            "Leaves the company: %(partners)s receives this.",
            "Leaves the company: %(partners)s receive this.",
            len(self.partners), partners=format_list(list(self.partners)),
        )  # fmt: skip


async def choices(person: Person) -> list[Choice]:
    """Where a person may write, the company's space first: two reads, however many places."""
    found = await queries.writable_spaces(person)
    partners = await federation.partner_names()
    language = current_language()
    return [
        _said(
            language, s.id, s.name, s.member_count, tuple(partners.get(s.id, ())),
            bool(s.is_company),
        )
        for s in found
    ]  # fmt: skip


@lru_cache(20_000)
def _said(
    _language: str, space_id: int, name: str, members: int, partners: tuple[str, ...],
    is_company: bool,
) -> Choice:  # fmt: skip
    """The words of a place in the language in force: the same for everybody who writes there."""
    return _choice(space_id, name, members, list(partners), is_company=is_company)


async def choice(space: Space) -> Choice:
    """One place in words: « Visible to 48 members and to Brumelis »."""
    partners = await federation.partner_names()
    return _choice(
        space.id, space.name, space.member_count, partners.get(space.id, []),
        is_company=space.is_company,
    )  # fmt: skip


def _choice(
    space_id: int, name: str, members: int, partners: list[str], *, is_company: bool
) -> Choice:
    readers = (
        ngettext(
            "everybody in the company (%(n)s person)",
            "everybody in the company (%(n)s people)",
            members,
        )
        if is_company
        else ngettext("%(n)s member", "%(n)s members", members)
    )
    words = (
        _(
            "Visible to %(readers)s and to %(partners)s",
            readers=readers,
            partners=format_list(partners),
        )
        if partners
        else _("Visible to %(readers)s", readers=readers)
    )
    return Choice(to_public(space_id), f"{name} – {words}", words, tuple(partners))


class Change(NamedTuple):
    """Who reads a post in one space and in another, in words."""

    now: str
    then: str
    gains: list[str]
    loses: list[str]
    # Whether the post is deleted at a company, which may have kept what it read.
    leaves_company: bool


async def change(here: Space, there: Space) -> Change:
    """What moving from one space to another means: who will read it, and who no longer."""
    partners = await federation.partner_names()
    before, after = set(partners.get(here.id, [])), set(partners.get(there.id, []))
    newcomers, leavers = await queries.audience_difference(here, there)
    gains, loses = sorted(after - before), sorted(before - after)
    if newcomers:
        gains.insert(0, ngettext("%(n)s colleague", "%(n)s colleagues", newcomers))
    if leavers:
        loses.insert(0, ngettext("%(n)s colleague", "%(n)s colleagues", leavers))
    return Change(
        (await choice(here)).words, (await choice(there)).words, gains, loses, bool(before - after)
    )
