"""Who may see and change what of a person. Pure: no database, no clock."""

from collections.abc import Iterable

from rse.identity.models import Account, Person

EDITABLE = ("display_name", "title", "pronouns", "site", "phone", "mobile", "about")
MANAGER = "manager"


def may_edit(reader: Person, person: Person) -> bool:
    """Everybody looks after their own page."""
    return reader.id == person.id


def may_set_manager(editor: Account, person: Person) -> bool:
    """One's own, and an administrator anybody's; the directory's word stands above both."""
    return person.is_local and (editor.person_id == person.id or editor.is_admin)


def may_be_mentioned(person: Person) -> bool:
    return person.is_active


def locked_names(person: Person, names: Iterable[str] = EDITABLE) -> dict[str, str]:
    """Fields a directory keeps, with the directory's name."""
    return {name: person.locked_fields[name] for name in names if name in person.locked_fields}
