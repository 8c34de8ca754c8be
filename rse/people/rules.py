"""Who may see and change what of a person. Pure: no database, no clock."""

from collections.abc import Iterable

from rse.identity.models import Person

EDITABLE = ("display_name", "title", "phone", "about")


def may_edit(reader: Person, person: Person) -> bool:
    """Everybody looks after their own page."""
    return reader.id == person.id


def may_be_mentioned(person: Person) -> bool:
    return person.is_active


def locked_names(person: Person, names: Iterable[str] = EDITABLE) -> dict[str, str]:
    """Fields a directory keeps, with the directory's name."""
    return {name: person.locked_fields[name] for name in names if name in person.locked_fields}
