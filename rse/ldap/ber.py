"""BER as LDAP uses it: our requests out, a server's answers in, with limits on both.

Decoding works by index on one immutable buffer and slices only values: no schema, no copies.
Every length is checked against the end of what holds it, so a lying length is an error and never
reads a neighbour's bytes as an answer.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rse.ldap.errors import ProtocolError

MAX_MESSAGE = 64 * 1024 * 1024
RECEIVE_SIZE = 65536

SEQUENCE, SET, INTEGER, OCTETS, BOOLEAN, ENUMERATED = 0x30, 0x31, 0x02, 0x04, 0x01, 0x0A
SEARCH_REQUEST, SEARCH_ENTRY, SEARCH_DONE, SEARCH_REFERENCE = 0x63, 0x64, 0x65, 0x73
CONTROLS, EXTENDED_RESPONSE = 0xA0, 0x78
PAGED = "1.2.840.113556.1.4.319"

Span = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Reply:
    """One whole LDAPMessage: where its operation and its controls lie in the buffer."""

    message_id: int
    tag: int
    buffer: bytes
    start: int
    end: int
    message_end: int


@dataclass(frozen=True, slots=True)
class Result:
    """An LDAPResult: code 0 is success, `words` is the server's diagnostic text."""

    code: int
    matched_dn: str
    words: str


# --- encode --------------------------------------------------------------------------------
def tlv(tag: int, body: bytes) -> bytes:
    size = len(body)
    if size < 128:
        return bytes((tag, size)) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + body


def integer(number: int, tag: int = INTEGER) -> bytes:
    return tlv(
        tag, number.to_bytes((number + (number < 0)).bit_length() // 8 + 1, "big", signed=True)
    )


def octets(value: bytes | str) -> bytes:
    return tlv(OCTETS, value if isinstance(value, bytes) else value.encode())


def boolean(value: bool) -> bytes:
    return tlv(BOOLEAN, b"\xff" if value else b"\x00")


def control(oid: str, value: bytes | None = None, *, critical: bool = True) -> bytes:
    body = octets(oid) + (boolean(True) if critical else b"")
    return tlv(SEQUENCE, body + (b"" if value is None else octets(value)))


def paged_control(size: int, cookie: bytes) -> bytes:
    """Ask for one page; critical, so a server that can't page says so and cuts nothing short."""
    return control(PAGED, tlv(SEQUENCE, integer(size) + octets(cookie)))


@dataclass(frozen=True, slots=True)
class Search:
    """A search on the wire: aliases are never followed, attributes are always listed."""

    base: str
    filter: bytes
    attributes: Sequence[str]
    scope: int = 2
    size_limit: int = 0

    def encode(self, message_id: int, controls: Sequence[bytes] = ()) -> bytes:
        body = octets(self.base) + integer(self.scope, ENUMERATED) + integer(0, ENUMERATED)
        body += integer(self.size_limit) + integer(0) + boolean(False) + self.filter
        body += tlv(SEQUENCE, b"".join(octets(name) for name in self.attributes))
        message = integer(message_id) + tlv(SEARCH_REQUEST, body)
        return tlv(SEQUENCE, message + (tlv(CONTROLS, b"".join(controls)) if controls else b""))


# --- decode --------------------------------------------------------------------------------
def span(buffer: bytes, position: int, end: int) -> tuple[int, int]:
    """Start and end of the content at `position`, which must lie wholly before `end`."""
    if position + 2 > end:
        raise ProtocolError("an element is cut off")
    size = buffer[position + 1]
    start = position + 2
    if size >= 128:
        width = size & 127
        if not 1 <= width <= 4 or start + width > end:
            raise ProtocolError("an element has an unusable length")
        size = int.from_bytes(buffer[start : start + width], "big")
        start += width
    if start + size > end:
        raise ProtocolError("an element is longer than what holds it")
    return start, start + size


def items(buffer: bytes, position: int, end: int) -> Iterator[Span]:
    """Yield (tag, start, end) of each element between two places."""
    while position < end:
        start, stop = span(buffer, position, end)
        yield buffer[position], start, stop
        position = stop


def expect(buffer: bytes, position: int, end: int, tag: int) -> tuple[int, int]:
    if position >= end or buffer[position] != tag:
        raise ProtocolError("an element of another kind was expected")
    return span(buffer, position, end)


def replies(receive: Callable[[int], bytes], limit: int = MAX_MESSAGE) -> Iterator[Reply]:
    """Yield every message a connection delivers; a closed one is an error, not an end."""
    buffer, position = b"", 0
    while True:
        end = message_end(buffer, position, limit)
        if end is not None and end <= len(buffer):
            yield _reply(buffer, position, end)
            position = end
            continue
        need = 1 if end is None else end - len(buffer)
        buffer, position = b"".join((buffer[position:], *_receive(receive, need))), 0


def message_end(buffer: bytes, position: int, limit: int = MAX_MESSAGE) -> int | None:
    """Where the message at `position` ends, or None when its header isn't here yet."""
    have = len(buffer) - position
    if have and buffer[position] != SEQUENCE:
        raise ProtocolError("the server does not speak LDAP")
    if have < 2:
        return None
    size, start = buffer[position + 1], position + 2
    if size >= 128:
        width = size & 127
        if not 1 <= width <= 4:
            raise ProtocolError("a message has an unusable length")
        if have < 2 + width:
            return None
        size = int.from_bytes(buffer[start : start + width], "big")
        start += width
    if size > limit:
        raise ProtocolError(f"a message of {size} bytes is over the limit of {limit}")
    return start + size


def _receive(receive: Callable[[int], bytes], need: int) -> Iterator[bytes]:
    while need > 0:
        chunk = receive(RECEIVE_SIZE)
        if not chunk:
            raise ConnectionError("the server closed the connection")
        need -= len(chunk)
        yield chunk


def _reply(buffer: bytes, position: int, end: int) -> Reply:
    start, _ = span(buffer, position, end)
    first, last = expect(buffer, start, end, INTEGER)
    if not 1 <= last - first <= 4 or last >= end:
        raise ProtocolError("a message has no usable id")
    content, stop = span(buffer, last, end)
    number = int.from_bytes(buffer[first:last], "big", signed=True)
    return Reply(number, buffer[last], buffer, content, stop, end)


def entry(reply: Reply, names: dict[bytes, str]) -> tuple[str, dict[str, list[bytes]]]:
    """A SearchResultEntry's DN and {lower-case name: values}: the hot loop of every run."""
    buffer = reply.buffer
    start, stop = expect(buffer, reply.start, reply.end, OCTETS)
    dn = str(buffer[start:stop], "utf-8", "replace")
    position, end = expect(buffer, stop, reply.end, SEQUENCE)
    attributes: dict[str, list[bytes]] = {}
    while position < end:
        inner, after = expect(buffer, position, end, SEQUENCE)
        start, stop = expect(buffer, inner, after, OCTETS)
        key = buffer[start:stop]
        name = names.get(key)
        if name is None:
            name = names[key] = key.decode("ascii", "replace").lower()
        start, stop = expect(buffer, stop, after, SET)
        attributes[name] = _values(buffer, start, stop)
        position = after
    return dn, attributes


def _values(buffer: bytes, position: int, end: int) -> list[bytes]:
    """The values of one attribute; short ones, nearly all, take the path without a call."""
    values = []
    while position < end:
        if end - position < 2:
            raise ProtocolError("a value is cut off")
        size = buffer[position + 1]
        start = position + 2
        stop = start + size
        if size >= 128:
            start, stop = span(buffer, position, end)
        elif stop > end:
            raise ProtocolError("a value is longer than what holds it")
        values.append(buffer[start:stop])
        position = stop
    return values


def result(reply: Reply) -> Result:
    """Read the LDAPResult that ends an operation."""
    parts = list(items(reply.buffer, reply.start, reply.end))
    if len(parts) < 3 or parts[0][0] != ENUMERATED:
        raise ProtocolError("a result without a result code")
    code, matched, words = (reply.buffer[start:stop] for _, start, stop in parts[:3])
    if not 1 <= len(code) <= 4:
        raise ProtocolError("a result with an unusable code")
    return Result(
        int.from_bytes(code, "big"),
        str(matched, "utf-8", "replace"),
        str(words, "utf-8", "replace"),
    )


def controls(reply: Reply) -> dict[str, bytes]:
    """The controls a message carries: {oid: value}."""
    if reply.end >= reply.message_end:
        return {}
    buffer = reply.buffer
    start, stop = expect(buffer, reply.end, reply.message_end, CONTROLS)
    found = {}
    for _, first, last in items(buffer, start, stop):
        parts = list(items(buffer, first, last))
        if not parts:
            raise ProtocolError("a control without a name")
        value = next((buffer[x:y] for tag, x, y in parts[1:] if tag == OCTETS), b"")
        found[str(buffer[parts[0][1] : parts[0][2]], "ascii", "replace")] = value
    return found


def page_cookie(value: bytes) -> bytes:
    """The cookie of a paged-results control; empty on the last page."""
    start, stop = expect(value, 0, len(value), SEQUENCE)
    parts = list(items(value, start, stop))
    if len(parts) != 2 or parts[1][0] != OCTETS:
        raise ProtocolError("a paging control without a cookie")
    return value[parts[1][1] : parts[1][2]]
