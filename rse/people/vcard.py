"""A person as a vCard 4.0 (RFC 6350)."""

from rse.identity.models import Person

_LINE_OCTETS = 75


def vcard(person: Person, url: str) -> str:
    """The text of the file; what is empty is left out."""
    fields = [
        ("FN", person.display_name),
        ("ORG", person.organisation.name),
        ("TITLE", person.title),
        ("EMAIL", person.email or ""),
        ("TEL", person.phone),
        ("URL", url),
    ]
    lines = ["BEGIN:VCARD", "VERSION:4.0", "KIND:individual"]
    lines += [f"{name}:{_escaped(value)}" for name, value in fields if value]
    return "".join(_folded(line) + "\r\n" for line in [*lines, "END:VCARD"])


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
