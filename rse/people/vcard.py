"""A person as a vCard 4.0 (RFC 6350, pronouns by RFC 9554)."""

from collections.abc import Sequence

from rse.identity.models import Person
from rse.profile_fields.values import Shown

_LINE_OCTETS = 75


def vcard(person: Person, url: str, details: Sequence[Shown] = (), *, pronouns: str = "") -> str:
    """The text of the file; what is empty is left out. `details` is what the reader may see."""
    fields = [
        ("FN", person.display_name),
        ("ORG", person.organisation.name),
        ("TITLE", person.title),
        ("PRONOUNS", pronouns),
        ("EMAIL", person.email or ""),
        ("TEL;TYPE=work", person.phone),
        ("TEL;TYPE=cell", person.mobile),
        ("URL", url),
        ("NOTE", "\n".join(_noted(person, details))),
    ]
    lines = ["BEGIN:VCARD", "VERSION:4.0", "KIND:individual"]
    lines += [f"{name}:{_escaped(value)}" for name, value in fields if value]
    return "".join(_folded(line) + "\r\n" for line in [*lines, "END:VCARD"])


def _noted(person: Person, details: Sequence[Shown]) -> list[str]:
    """The standard has no place for a company's own fields: they stand in the note by name."""
    lines = [person.site] if person.site else []
    return lines + [f"{one.name}: {', '.join(one.lines)}" for one in details]


def _escaped(value: str) -> str:
    for plain, written in (("\\", "\\\\"), ("\n", "\\n"), (",", "\\,"), (";", "\\;")):
        value = value.replace(plain, written)
    return value.replace("\r", "")


def _folded(line: str) -> str:
    """At most 75 octets a line, never cut inside a character."""
    parts, current = [], ""
    for character in line:
        if len((current + character).encode()) > _LINE_OCTETS - 1:
            parts.append(current)
            current = ""
        current += character
    return "\r\n ".join([*parts, current])
