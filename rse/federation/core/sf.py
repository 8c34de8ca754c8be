"""Structured field values (RFC 8941): the part that signatures and digests need."""

import base64
import binascii
import re
import string
from collections.abc import Mapping
from dataclasses import dataclass, field

MAX_LENGTH = 4096

_TOKEN_START = frozenset(string.ascii_letters + "*")
_PRINTABLE = frozenset(chr(code) for code in range(0x20, 0x7F))
# Each is one class repeated, or two that share no character: their time is linear.
_KEY = re.compile(r"[a-z*][a-z0-9_.*-]*")
_TOKEN = re.compile(r"[A-Za-z*][A-Za-z0-9!#$%&'*+.^_`|~:/-]*")
_DIGITS = re.compile(r"[0-9]*")
_BASE64 = re.compile(r"[A-Za-z0-9+/=]*")
_STRING = re.compile(r'(?:[ !#-\[\]-~]|\\["\\])*')
_ESCAPE = re.compile(r'\\(["\\])')


class BadField(ValueError):
    """A header field that does not parse, or says something twice."""


class Token(str):
    """An unquoted word, kept apart from a quoted string."""

    __slots__ = ()


Bare = bool | int | str | bytes
Parameters = Mapping[str, Bare]


@dataclass(frozen=True, slots=True)
class Item:
    value: Bare
    parameters: Parameters = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InnerList:
    items: tuple[Item, ...]
    parameters: Parameters = field(default_factory=dict)


def parse_dictionary(text: str) -> dict[str, Item | InnerList]:
    """Read a dictionary; a key given twice is refused, where the RFC lets the last one win."""
    if len(text) > MAX_LENGTH:
        raise BadField("too long")
    reader = _Reader(text.strip(" "))
    members: dict[str, Item | InnerList] = {}
    while not reader.at_end:
        key = reader.key()
        if key in members:
            raise BadField("a key is given twice")
        members[key] = reader.member() if reader.take("=") else _flag(reader)
        reader.between_members()
    return members


def serialise_dictionary(members: Mapping[str, Item | InnerList]) -> str:
    return ", ".join(f"{key}={serialise(member)}" for key, member in members.items())


def serialise(member: Item | InnerList) -> str:
    if isinstance(member, Item):
        return _bare(member.value) + _parameters(member.parameters)
    inside = " ".join(serialise(item) for item in member.items)
    return f"({inside}){_parameters(member.parameters)}"


def _flag(reader: "_Reader") -> Item:
    return Item(True, reader.parameters())


def _parameters(parameters: Parameters) -> str:
    return "".join(
        f";{key}" if value is True else f";{key}={_bare(value)}"
        for key, value in parameters.items()
    )


def _bare(value: Bare) -> str:
    if isinstance(value, bool):
        return "?1" if value else "?0"
    if isinstance(value, int | Token):
        return str(value)
    if isinstance(value, bytes):
        return f":{base64.b64encode(value).decode('ascii')}:"
    if not _PRINTABLE.issuperset(value):
        raise BadField("a string holds what a header cannot")
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


class _Reader:
    """A cursor over one field value; each step moves forward, so the time is linear."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    @property
    def at_end(self) -> bool:
        return self._at >= len(self._text)

    def take(self, char: str) -> bool:
        found = self._text.startswith(char, self._at)
        self._at += len(char) if found else 0
        return found

    def between_members(self) -> None:
        """Skip `, ` and insist that something follows a comma."""
        self._skip(" \t")
        if self.at_end:
            return
        if not self.take(","):
            raise BadField("members run together")
        self._skip(" \t")
        if self.at_end:
            raise BadField("a comma ends the field")

    def key(self) -> str:
        key = self._match(_KEY)
        if not key:
            raise BadField("no key")
        return key

    def member(self) -> Item | InnerList:
        return self._inner_list() if self.take("(") else self._item()

    def parameters(self) -> Parameters:
        found: dict[str, Bare] = {}
        while self.take(";"):
            self._skip(" ")
            key = self.key()
            if key in found:
                raise BadField("a parameter is given twice")
            found[key] = self._bare_item() if self.take("=") else True
        return found

    def _inner_list(self) -> InnerList:
        items: list[Item] = []
        while True:
            self._skip(" ")
            if self.take(")"):
                return InnerList(tuple(items), self.parameters())
            items.append(self._item())
            if self._peek() not in (" ", ")"):
                raise BadField("an inner list does not close")

    def _item(self) -> Item:
        return Item(self._bare_item(), self.parameters())

    def _bare_item(self) -> Bare:
        first = self._peek()
        if first == '"':
            return self._string()
        if first == ":":
            return self._bytes()
        if first == "?":
            return self._boolean()
        if first in _TOKEN_START:
            return Token(self._match(_TOKEN))
        return self._integer()

    def _integer(self) -> int:
        sign = -1 if self.take("-") else 1
        digits = self._match(_DIGITS)
        if not digits or len(digits) > 15 or self._peek() == ".":
            raise BadField("not an integer")
        return sign * int(digits)

    def _boolean(self) -> bool:
        self.take("?")
        if self.take("1"):
            return True
        if self.take("0"):
            return False
        raise BadField("not a boolean")

    def _string(self) -> str:
        self.take('"')
        written = self._match(_STRING)
        if not self.take('"'):
            raise BadField("a string does not close, or holds what a header cannot")
        return _ESCAPE.sub(r"\1", written) if "\\" in written else written

    def _bytes(self) -> bytes:
        self.take(":")
        encoded = self._match(_BASE64)
        if not self.take(":"):
            raise BadField("bytes do not close")
        try:
            return base64.b64decode(encoded, validate=True)
        except binascii.Error:
            raise BadField("not base64") from None

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _match(self, pattern: re.Pattern[str]) -> str:
        """What the pattern takes from here; nothing when it does not begin here."""
        found = pattern.match(self._text, self._at)
        if found is None:
            return ""
        self._at = found.end()
        return found.group()

    def _skip(self, chars: str) -> None:
        while self._peek() and self._peek() in chars:
            self._at += 1
