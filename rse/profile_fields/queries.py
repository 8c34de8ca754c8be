"""Reads of profile fields: what a reader may see of a person now, and what a person may write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rse.identity.models import Organisation, Person
from rse.kernel.errors import NotFound
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import to_public

from . import rules
from .circles import circles_of, joined_among
from .models import COMPANY, NOBODY, PARTNER, SPACE, TEXT, FieldAudience, ProfileField
from .rules import Audience
from .values import Shown, name_of, shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Editable:
    """A field on the form about oneself."""

    field: ProfileField
    name: str
    value: str
    # Why it cannot be written here; empty when it can.
    reason: str
    # Who sees it, in words, and what one may choose instead.
    audience: str
    choices: Sequence[tuple[str, str]]
    chosen: str


async def fields() -> list[ProfileField]:
    """All of them, in the administrator's order."""
    return await ProfileField.all().select_related("organisation").order_by("position", "id")


async def field_for(field_id: int) -> ProfileField:
    found = await ProfileField.get_or_none(id=field_id)
    if found is None:
        raise NotFound(_("This field does not exist, or not any more."))
    return found


async def narrowed_by(person_ids: Sequence[int]) -> dict[tuple[int, int], Audience]:
    """What people narrowed, by person and field."""
    return {
        (one.person_id, one.field_id): Audience(one.audience, one.space_id)
        for one in await FieldAudience.filter(person_id__in=list(person_ids))
    }


async def shown_to(reader: Person, person: Person) -> list[Shown]:
    """What the reader may see of a person, asked at this moment."""
    if not person.is_local:
        return _told(reader, person)
    found = await _with_audiences(person)
    spaces = {audience.space_id for _field, audience in found if audience.space_id}
    joined = await joined_among(reader.id, spaces)
    return [
        shown(field, person.details[field.key])
        for field, audience in found
        if rules.may_see(reader, person, audience, joined)
    ]


def _told(reader: Person, person: Person) -> list[Shown]:
    """What a partner lets us know of their people: in their words, for our company alone."""
    if not reader.is_local:
        return []
    return [
        Shown(key=name, name=name, kind=TEXT, lines=tuple(value.split("\n")))
        for name, value in person.details.items()
    ]


async def shown_to_partner(organisation_id: int, person: Person) -> list[Shown]:
    """What one partner company may be told of one of our people."""
    return [
        shown(field, person.details[field.key])
        for field, audience in await _with_audiences(person)
        if rules.partner_may_see(organisation_id, audience)
    ]


async def _with_audiences(person: Person) -> list[tuple[ProfileField, Audience]]:
    if not person.details:
        return []
    narrowed = await narrowed_by([person.id])
    return [
        (field, rules.audience_of(field, narrowed.get((person.id, field.id))))
        for field in await fields()
        if person.details.get(field.key)
    ]


async def company_words(people: Sequence[Person]) -> dict[int, str]:
    """For search: what the whole company may read of these people. Two reads for any number."""
    ours = [person for person in people if person.details and person.is_local]
    if not ours:
        return {}
    defined = await fields()
    narrowed = await narrowed_by([person.id for person in ours])
    return {person.id: "\n".join(_words(person, defined, narrowed)) for person in ours}


def _words(
    person: Person,
    defined: Sequence[ProfileField],
    narrowed: Mapping[tuple[int, int], Audience],
) -> list[str]:
    return [
        person.details[field.key]
        for field in defined
        if person.details.get(field.key)
        and rules.audience_of(field, narrowed.get((person.id, field.id))).kind in {COMPANY, PARTNER}
    ]


async def editable(person: Person) -> list[Editable]:
    """The fields of the form about oneself, the locked ones with their reason."""
    defined = await fields()
    if not defined:
        return []
    spaces = {circle.id: circle.name for circle in await circles_of(person.id)}
    narrowed = await narrowed_by([person.id])
    return [
        Editable(
            field=field,
            name=name_of(field),
            value=person.details.get(field.key, ""),
            reason=_reason(field, person),
            audience=audience_words(field, spaces),
            choices=_choices(field, spaces, narrowed.get((person.id, field.id))),
            chosen=_written(narrowed.get((person.id, field.id))),
        )
        for field in defined
    ]


def _reason(field: ProfileField, person: Person) -> str:
    if not rules.is_locked(field, person):
        return ""
    name = person.locked_fields.get(f"{rules.LOCK}{field.key}", "")
    if name:
        return _("Kept by your company's directory (%(name)s). Have it changed there.", name=name)
    return _("Kept by your company's directory. Have it changed there.")


def audience_words(field: ProfileField, spaces: Mapping[int, str]) -> str:
    """Who sees a field, for somebody in these spaces; another space's name is not told."""
    if field.audience == SPACE:
        name = spaces.get(field.space_id or 0)
        return _("Members of %(space)s", space=name) if name else _("Members of one space")
    if field.audience == PARTNER and field.organisation:
        return _("Your company and %(partner)s", partner=field.organisation.name)
    return _("Nobody but yourself") if field.audience == NOBODY else _("Everybody in your company")


def _choices(
    field: ProfileField, spaces: Mapping[int, str], chosen: Audience | None
) -> list[tuple[str, str]]:
    """What one may narrow to; nothing when the field is as narrow as can be."""
    if not field.may_narrow or field.audience == NOBODY:
        return []
    found = [("", audience_words(field, spaces))]
    if field.audience == PARTNER:
        found.append((COMPANY, _("Everybody in your company")))
    if field.audience in {COMPANY, PARTNER}:
        found += [
            (f"{SPACE}:{to_public(number)}", _("Members of %(space)s", space=name))
            for number, name in spaces.items()
        ]
        if chosen and chosen.space_id and chosen.space_id not in spaces:
            # They left it since. Dropping the choice would show the field to everybody unasked.
            found.append((_written(chosen), _("Members of one space")))
    return [*found, (NOBODY, _("Nobody but yourself"))]


def _written(narrowed: Audience | None) -> str:
    """A chosen audience as the form sends it."""
    if narrowed is None:
        return ""
    return f"{SPACE}:{to_public(narrowed.space_id)}" if narrowed.space_id else narrowed.kind


async def partners() -> list[Organisation]:
    return await Organisation.filter(is_ours=False).order_by("name").limit(200)
