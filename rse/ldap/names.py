"""Distinguished names (RFC 4514): parse, escape, and one normal form to compare by."""

import re
import unicodedata

_PLAIN = re.compile(
    r"[A-Za-z][A-Za-z0-9-]*=[A-Za-z0-9][A-Za-z0-9._@-]*"
    r"(?:,[A-Za-z][A-Za-z0-9-]*=[A-Za-z0-9][A-Za-z0-9._@-]*)*"
)
_TYPE = re.compile(r" *([A-Za-z][A-Za-z0-9-]*|[0-9]+(?:\.[0-9]+)*) *= *")
_SPECIAL = '"+,;<>\\'
_OID_NAMES = {
    "2.5.4.3": "cn",
    "2.5.4.10": "o",
    "2.5.4.11": "ou",
    "0.9.2342.19200300.100.1.1": "uid",
    "0.9.2342.19200300.100.1.25": "dc",
}
MAX_DN = 8192

Ava = tuple[str, str]
Rdn = tuple[Ava, ...]


class DnSyntax(ValueError):
    """A text that is not a distinguished name."""


def parse(text: str) -> tuple[Rdn, ...]:
    """Read a DN, also in the older spellings (quotes, semicolons, blanks around signs)."""
    if len(text) > MAX_DN:
        raise DnSyntax("a DN is too long")
    if not text.strip():
        return ()
    rdns: list[Rdn] = []
    avas: list[Ava] = []
    position = 0
    while True:
        match = _TYPE.match(text, position)
        if match is None:
            raise DnSyntax(f"attribute type expected at character {position + 1}")
        value, position = _value(text, match.end())
        name = match.group(1).lower()
        avas.append((_OID_NAMES.get(name, name), value))
        mark = text[position : position + 1]
        if mark != "+":
            rdns.append(tuple(avas))
            avas = []
        if not mark:
            return tuple(rdns)
        position += 1


def normal(text: str) -> str:
    """The normal form of a DN: compare two of them to know whether they name one entry."""
    if _PLAIN.fullmatch(text):
        return text.lower()
    return ",".join(
        "+".join(sorted(f"{name}={_hexed(fold(value))}" for name, value in rdn))
        for rdn in parse(text)
    )


def _hexed(value: str) -> str:
    """Escape by hex pairs, so that a comma in a normal form always ends a level."""
    return "".join(
        f"\\{ord(char):02x}" if char in _SPECIAL or char in "#=" or char < " " else char
        for char in value
    )


def key(text: str) -> str:
    """Like `normal`, but never fails: an unreadable DN is its own folded text."""
    try:
        return normal(text)
    except DnSyntax:
        return "?" + fold(text)


def fold(text: str) -> str:
    """The form in which names are compared: compatibility form, case folded, blanks squeezed."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(folded.split())


def is_under(dn_key: str, base_key: str) -> bool:
    """Whether a DN is the base or below it; both in normal form."""
    return not base_key or dn_key == base_key or dn_key.endswith("," + base_key)


def escape(value: str) -> str:
    """Escape an attribute value for use in a DN."""
    out = "".join(_escaped(char) for char in value)
    if out[:1] in ("#", " "):
        out = "\\" + out
    if out.endswith(" ") and (len(value) > 1):
        out = out[:-1] + "\\ "
    return out


def _escaped(char: str) -> str:
    if char in _SPECIAL:
        return "\\" + char
    if char < " " or char == "\x7f":
        return f"\\{ord(char):02x}"
    return char


def _value(text: str, position: int) -> tuple[str, int]:
    first = text[position : position + 1]
    if first == '"':
        return _quoted(text, position + 1)
    if first == "#":
        return _hex(text, position + 1)
    return _string(text, position)


def _string(text: str, position: int) -> tuple[str, int]:
    out = bytearray()
    kept = 0  # trailing blanks count only when they are escaped
    while position < len(text) and text[position] not in ",+;":
        char = text[position]
        if char == "\\":
            piece, position = _pair(text, position + 1)
            out += piece
            kept = len(out)
            continue
        if char in '"<>':
            raise DnSyntax(f"character {position + 1} must be escaped")
        out += char.encode("utf-8", "surrogatepass")
        kept = kept if char == " " else len(out)
        position += 1
    return out[:kept].decode("utf-8", "replace"), position


def _quoted(text: str, position: int) -> tuple[str, int]:
    out = bytearray()
    while text[position : position + 1] != '"':
        if position >= len(text):
            raise DnSyntax("a quotation mark is not closed")
        if text[position] == "\\":
            piece, position = _pair(text, position + 1)
            out += piece
        else:
            out += text[position].encode("utf-8", "surrogatepass")
            position += 1
    return out.decode("utf-8", "replace"), _after_blanks(text, position + 1)


def _pair(text: str, position: int) -> tuple[bytes, int]:
    char = text[position : position + 1]
    if not char:
        raise DnSyntax("a DN ends with a backslash")
    if char in _SPECIAL + " #=":
        return char.encode(), position + 1
    if not re.fullmatch("[0-9A-Fa-f]{2}", text[position : position + 2]):
        raise DnSyntax(f"an unknown escape at character {position}")
    return bytes.fromhex(text[position : position + 2]), position + 2


def _hex(text: str, position: int) -> tuple[str, int]:
    match = re.compile("(?:[0-9A-Fa-f]{2})+").match(text, position)
    if match is None:
        raise DnSyntax(f"hex digits expected at character {position + 1}")
    return _from_ber(bytes.fromhex(match.group())), _after_blanks(text, match.end())


def _from_ber(value: bytes) -> str:
    """A `#hex` value is BER: text is the same name however spelled, the rest keeps its hex."""
    if len(value) >= 2 and value[0] in (0x04, 0x0C, 0x13, 0x16) and value[1] == len(value) - 2:
        return value[2:].decode("utf-8", "replace")
    return "#" + value.hex()


def _after_blanks(text: str, position: int) -> int:
    while text[position : position + 1] == " ":
        position += 1
    if position < len(text) and text[position] not in ",+;":
        raise DnSyntax(f"',' expected at character {position + 1}")
    return position
