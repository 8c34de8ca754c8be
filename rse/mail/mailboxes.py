"""Our own reader of address headers: one pass, no recursion, and no guess when two readers would differ."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from rse.kernel.text import clean_line
from rse.mail.charset import decode_header

_ADDRESS: Final = re.compile(r"[^\s<>()\[\]\\,;:\"@]{1,128}@[^\s<>()\[\]\\,;:\"@]{1,255}\Z")
_HEADER_CHARS: Final = 65536


class Malformed(ValueError):
    """The header names nobody for certain."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A person in a header: the address, and the name unless it pretends to be another address."""

    name: str
    address: str


@dataclass(slots=True)
class _Draft:
    """One element of the list while it is being read."""

    phrase: str = ""
    angle: str | None = None
    was_quoted: bool = False
    after: str = ""


def parse_mailboxes(value: str, limit: int = 100) -> list[Mailbox]:
    """Read a From, To or Cc header; raises Malformed where the address is not certain."""
    drafts = _elements(value[:_HEADER_CHARS])
    return [_finished(draft) for draft in drafts[:limit] if draft.phrase.strip() or draft.angle is not None]


def canonical(address: str) -> str:
    """Give one spelling per address: NFC, lower case, the domain in its ASCII form."""
    local_part, _, domain = on_the_wire(address).rpartition("@")
    return f"{local_part.casefold()}@{domain}"


def on_the_wire(address: str) -> str:
    """Give an address as SMTP wants it: the local part as it is, the domain in its ASCII form."""
    local_part, _, domain = unicodedata.normalize("NFC", address.strip()).rpartition("@")
    try:
        ascii_domain = domain[:255].encode("idna").decode() if not domain.isascii() else domain
    except UnicodeError:
        ascii_domain = domain
    return f"{local_part}@{ascii_domain.casefold().rstrip('.')}"


def _elements(value: str) -> list[_Draft]:
    drafts, draft, depth, quoted, in_angle = [], _Draft(), 0, False, False
    characters = iter(value)
    for char in characters:
        if char == "\\" and (quoted or depth):
            char = next(characters, "")
            if quoted:
                draft.phrase += char
        elif quoted:
            quoted = char != '"'
            draft.phrase += char if quoted else ""
        elif char in "()":
            depth = max(0, depth + (1 if char == "(" else -1))
        elif depth:
            continue
        elif in_angle:
            in_angle = _in_angle(draft, char)
        elif char == '"':
            quoted = draft.was_quoted = True
        elif char == "<":
            in_angle = _open_angle(draft)
        elif char in ",;":
            drafts.append(draft)
            draft = _Draft()
        elif char == ":" and draft.angle is None:
            draft = _Draft()  # the name of a group
        elif draft.angle is not None:
            draft.after += char
        else:
            draft.phrase += char
    if quoted or depth or in_angle:
        raise Malformed("unfinished")
    return [*drafts, draft]


def _open_angle(draft: _Draft) -> bool:
    if draft.angle is not None:
        raise Malformed("two addresses in one place")
    draft.angle = ""
    return True


def _in_angle(draft: _Draft, char: str) -> bool:
    if char == ">":
        return False
    if char in '<"':
        raise Malformed("a bracket inside an address")
    draft.angle = (draft.angle or "") + char
    return True


def _finished(draft: _Draft) -> Mailbox:
    phrase = draft.phrase.strip()
    address = (draft.angle if draft.angle is not None else phrase).strip()
    if draft.after.strip() or not _ADDRESS.match(address):
        raise Malformed("not one address")
    if draft.angle is None:
        if draft.was_quoted:
            raise Malformed("a quoted address")
        return Mailbox("", address)
    # Unquoted, another address beside the real one is read differently by different programs.
    if "@" in phrase and not draft.was_quoted and canonical(phrase) != canonical(address):
        raise Malformed("two addresses in one place")
    name = decode_header(phrase, 120)
    return Mailbox("" if "@" in name else clean_line(name, 120), address)
