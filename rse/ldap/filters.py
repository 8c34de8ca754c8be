"""Search filters, built as bytes from values: nothing a person types is ever parsed as a filter."""

from rse.ldap.ber import octets, tlv

AND, OR, NOT, EQUAL, SUBSTRINGS, GREATER, LESS, PRESENT, APPROX, EXTENSIBLE = (
    0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0x87, 0xA8, 0xA9,
)  # fmt: skip
MAX_DEPTH = 20
MAX_TEXT = 4000


class FilterSyntax(ValueError):
    """The administrator's filter text is not an RFC 4515 filter."""


def eq(name: str, value: bytes | str) -> bytes:
    return tlv(EQUAL, octets(name) + octets(value))


def present(name: str) -> bytes:
    return tlv(PRESENT, name.encode())


def and_(*parts: bytes) -> bytes:
    return parts[0] if len(parts) == 1 else tlv(AND, b"".join(parts))


def or_(*parts: bytes) -> bytes:
    return parts[0] if len(parts) == 1 else tlv(OR, b"".join(parts))


def not_(part: bytes) -> bytes:
    return tlv(NOT, part)


def parse(text: str) -> bytes:
    """Compile RFC 4515 text from the configuration; people's input never comes here."""
    text = text.strip()
    if not text or len(text) > MAX_TEXT:
        raise FilterSyntax("a filter is empty or too long")
    encoded, position = _filter(text, 0, 0)
    if position != len(text):
        raise FilterSyntax(f"text after the end of the filter at character {position + 1}")
    return encoded


def _filter(text: str, position: int, depth: int) -> tuple[bytes, int]:
    if depth > MAX_DEPTH:
        raise FilterSyntax("a filter is nested too deeply")
    if text[position : position + 1] != "(":
        raise FilterSyntax(f"'(' expected at character {position + 1}")
    kind = text[position + 1 : position + 2]
    if kind and kind in "&|!":
        parts, position = _parts(text, position + 2, depth)
        if not parts or (kind == "!" and len(parts) != 1):
            raise FilterSyntax(f"'{kind}' has the wrong number of parts")
        encoded = tlv({"&": AND, "|": OR, "!": NOT}[kind], b"".join(parts))
    else:
        stop = text.find(")", position)
        if stop < 0:
            raise FilterSyntax("')' is missing")
        encoded, position = _item(text[position + 1 : stop]), stop
    if text[position : position + 1] != ")":
        raise FilterSyntax(f"')' expected at character {position + 1}")
    return encoded, position + 1


def _parts(text: str, position: int, depth: int) -> tuple[list[bytes], int]:
    parts = []
    while text[position : position + 1] == "(":
        encoded, position = _filter(text, position, depth + 1)
        parts.append(encoded)
    return parts, position


def _item(text: str) -> bytes:
    name, equals, value = text.partition("=")
    if not equals or not name or "(" in text:
        raise FilterSyntax(f"not a comparison: {text!r}")
    if name[-1] == ":":
        return _extensible(name[:-1], value)
    if name[-1] in "<>~":
        tag = {"<": LESS, ">": GREATER, "~": APPROX}[name[-1]]
        return tlv(tag, octets(_attribute(name[:-1])) + octets(_value(value)))
    if value == "*":
        return present(_attribute(name))
    if "*" in value:
        return _substrings(_attribute(name), value.split("*"))
    return eq(_attribute(name), _value(value))


def _substrings(name: str, pieces: list[str]) -> bytes:
    inner = [tlv(0x80, _value(pieces[0]))] if pieces[0] else []
    inner += [tlv(0x81, _value(piece)) for piece in pieces[1:-1] if piece]
    inner += [tlv(0x82, _value(pieces[-1]))] if pieces[-1] else []
    if not inner:
        raise FilterSyntax("a filter of asterisks alone")
    return tlv(SUBSTRINGS, octets(name) + tlv(0x30, b"".join(inner)))


def _extensible(name: str, value: str) -> bytes:
    attribute, *rest = name.split(":")
    with_dn = bool(rest) and rest[0].lower() == "dn"
    rules = rest[1:] if with_dn else rest
    if len(rules) > 1 or not (attribute or rules):
        raise FilterSyntax(f"not a matching rule: {name!r}")
    body = tlv(0x81, rules[0].encode()) if rules else b""
    body += tlv(0x82, _attribute(attribute).encode()) if attribute else b""
    body += tlv(0x83, _value(value)) + (tlv(0x84, b"\xff") if with_dn else b"")
    return tlv(EXTENSIBLE, body)


def _attribute(name: str) -> str:
    name = name.strip()
    if not name or not all(c.isascii() and (c.isalnum() or c in "-.;_") for c in name):
        raise FilterSyntax(f"not an attribute name: {name!r}")
    return name


def _value(text: str) -> bytes:
    head, *rest = text.split("\\")
    out = [head.encode()]
    for piece in rest:
        try:
            out.append(bytes.fromhex(piece[:2]) + piece[2:].encode())
        except ValueError:
            raise FilterSyntax(f"'\\{piece[:2]}' is not two hex digits") from None
        if len(piece) < 2 or " " in piece[:2]:
            raise FilterSyntax("'\\' must be followed by two hex digits")
    return b"".join(out)
