"""Who sees a field, and who writes it. Pure: no database, no clock."""

from collections.abc import Collection
from typing import NamedTuple

from rse.identity.models import Person

from .models import BY_DIRECTORY, COMPANY, NOBODY, PARTNER, SPACE, ProfileField

# A directory's lock on a field, among the locks on name and role.
LOCK = "details."
MOST_FIELDS = 40


class Audience(NamedTuple):
    """Who sees one person's value of a field."""

    kind: str
    space_id: int | None = None
    organisation_id: int | None = None


def audience_of(field: ProfileField, narrowed: Audience | None) -> Audience:
    """The field's own, or the narrower one its owner chose while that is allowed."""
    own = Audience(field.audience, field.space_id, field.organisation_id)
    return narrowed if narrowed and is_narrower(field, narrowed) else own


def is_narrower(field: ProfileField, wanted: Audience) -> bool:
    """Whether a person may choose this audience. Nobody is shown what the field hides."""
    if not field.may_narrow:
        return False
    if wanted.kind == NOBODY:
        return True
    if wanted.kind == COMPANY:
        return field.audience == PARTNER
    return wanted.kind == SPACE and field.audience in {COMPANY, PARTNER}


def may_see(reader: Person, owner: Person, audience: Audience, joined: Collection[int]) -> bool:
    """`joined`: the reader's spaces among those of audiences. Whatever is not allowed is not."""
    if reader.id == owner.id:
        return True
    if audience.kind == SPACE:
        return audience.space_id in joined
    if audience.kind == COMPANY:
        return reader.is_local
    if audience.kind == PARTNER:
        return reader.is_local or partner_may_see(reader.organisation_id, audience)
    return False


def partner_may_see(organisation_id: int, audience: Audience) -> bool:
    """Whether another company's instance may be told."""
    return audience.kind == PARTNER and audience.organisation_id == organisation_id


def is_locked(field: ProfileField, person: Person) -> bool:
    """Kept by a directory: for everybody, or for this person because theirs gave a value."""
    return field.source == BY_DIRECTORY or f"{LOCK}{field.key}" in person.locked_fields
