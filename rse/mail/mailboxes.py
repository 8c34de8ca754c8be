"""Address headers read in one pass, without a guess where two readers would differ."""

import re
import unicodedata
from collections.abc import Iterator
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
    return [
        _finished(draft)
        for draft in drafts[:limit]
        if draft.phrase.strip() or draft.angle is not None
    ]


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
    drafts, draft, in_angle = [], _Draft(), False
    for text, is_quoted in _lexed(value):
        if in_angle:
            in_angle = _in_angle(draft, '"' if is_quoted else text)
        elif is_quoted:
            draft.was_quoted = True
            _add(draft, text)
        elif text == "<":
            in_angle = _open_angle(draft)
        elif text in {",", ";"}:
            drafts.append(draft)
            draft = _Draft()
        else:
            _add(draft, text)
    if in_angle:
        raise Malformed("unfinished")
    return [*drafts, draft]


def _lexed(value: str) -> Iterator[tuple[str, bool]]:
    """Give quoted strings whole and all else letter by letter; comments are gone."""
    characters = iter(value)
    for char in characters:
        if char == '"':
            yield _quoted(characters), True
        elif char == "(":
            _skip_comment(characters)
        else:
            yield char, False


def _quoted(characters: Iterator[str]) -> str:
    text: list[str] = []
    for char in characters:
        if char == '"':
            return "".join(text)
        text.append(next(characters, "") if char == "\\" else char)
    raise Malformed("unfinished")


def _skip_comment(characters: Iterator[str]) -> None:
    depth = 1
    for char in characters:
        if char == "\\":
            next(characters, "")
        elif char in "()":
            depth += 1 if char == "(" else -1
        if not depth:
            return
    raise Malformed("unfinished")


def _add(draft: _Draft, text: str) -> None:
    if draft.angle is not None:
        draft.after += text
    elif text == ":":
        # What stood before it was the name of a group.
        draft.phrase, draft.was_quoted = "", False
    else:
        draft.phrase += text


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
