"""A raw mail taken apart under caps: the standard library reads headers, never the tree."""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.policy import compat32
from itertools import islice, zip_longest
from typing import Final

from rse.kernel.text import clean_line
from rse.mail.charset import decode, decode_header
from rse.mail.transfer import undo
from rse.mail.types import MailFile

HEADER_BYTES: Final = 65_536
HEADERS_BYTES: Final = 262_144
MAX_DEPTH: Final = 30
MAX_PARTS: Final = 500
MAX_FILES: Final = 50
TEXT_BYTES: Final = 1_000_000
_FIELD_BYTES: Final = 4000
_STRUCTURED: Final = frozenset(
    {"content-type", "content-disposition", "content-transfer-encoding", "content-id"}
)
_BLANK_LINE: Final = re.compile(rb"\r?\n\r?\n")
_MESSAGE_ID: Final = re.compile(r"<[^<>\s]{1,500}>")
_UNSAFE: Final = re.compile(r'[\x00-\x1f/\\:*?"<>|]+')


@dataclass(frozen=True, slots=True)
class Part:
    """One leaf of the tree: its own headers and its bytes, the transfer encoding undone."""

    content_type: str
    charset: str
    name: str
    content_id: str
    is_attachment: bool
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as we read it: decoded headers in order, the text, the HTML, the files."""

    headers: tuple[tuple[str, str], ...]
    text: str | None
    html: str | None
    files: tuple[MailFile, ...]
    content_type: str
    parts: tuple[Part, ...] = field(repr=False, default=())

    def all(self, name: str) -> list[str]:
        wanted = name.casefold()
        return [value for key, value in self.headers if key == wanted]

    def first(self, name: str) -> str:
        return next(iter(self.all(name)), "")

    @property
    def subject(self) -> str:
        return decode_header(self.first("subject"))

    @property
    def message_id(self) -> str:
        return next(iter(_MESSAGE_ID.findall(self.first("message-id")[:1000])), "")

    @property
    def answers(self) -> list[str]:
        """Message-IDs this mail answers, nearest first, at most ten."""
        nearest = _MESSAGE_ID.findall(self.first("in-reply-to")[:4000])[:2]
        older = _MESSAGE_ID.findall(self.first("references")[-8000:])[-8:]
        return list(dict.fromkeys([*nearest, *reversed(older)]))


@dataclass(slots=True)
class _Node:
    raw: bytes
    depth: int
    inside: str


def tidy(raw: bytes) -> bytes:
    """Drop what some programs leave before the first header."""
    raw = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if raw.startswith((b"From ", b">From ")):
        raw = raw.partition(b"\n")[2]
    return raw


def header_block(raw: bytes) -> bytes:
    found = _BLANK_LINE.search(raw, 0, HEADERS_BYTES + 4)
    return raw[: found.start()] if found else raw[:HEADERS_BYTES]


def has_too_many_headers(raw: bytes) -> bool:
    """More header than anybody needs: refused before anything is parsed."""
    return len(raw) > HEADERS_BYTES and _BLANK_LINE.search(raw, 0, HEADERS_BYTES) is None


def read_headers(raw: bytes) -> tuple[tuple[str, str], ...]:
    """Give header names in lower case and unfolded raw values, each cut at its cap."""
    found = []
    for line in _unfolded(header_block(tidy(raw))):
        name, colon, value = line.partition(b":")
        if colon and name and b" " not in name.rstrip():
            text = decode(value[:HEADER_BYTES].strip())
            found.append((decode(name.strip()).casefold(), text))
    return tuple(found)


def parse(raw: bytes) -> Mail:
    """Read a whole mail without recursion and without failing."""
    raw = tidy(raw)
    parts = tuple(_leaves(raw))
    texts = [part for part in parts if part.content_type == "text/plain" and not part.is_attachment]
    htmls = [part for part in parts if part.content_type == "text/html" and not part.is_attachment]
    others = [part for part in parts if part not in texts and part not in htmls]
    return Mail(
        headers=read_headers(raw),
        text=_joined(texts),
        html=_joined(htmls[:1]),
        files=_files(others),
        content_type=_entity_headers(header_block(raw)).get_content_type(),
        parts=parts,
    )


def safe_name(name: str, fallback: str) -> str:
    """Give a file name that means nothing to a file system and shows what it is."""
    plain = clean_line(_UNSAFE.sub("_", decode_header(name)), 998).lstrip(". ")
    stem, dot, extension = plain.rpartition(".")
    if len(plain) > 120:
        plain = f"{stem[: 119 - len(extension[:20])]}{dot}{extension[:20]}"
    return plain or fallback


def _unfolded(block: bytes) -> Iterator[bytes]:
    current = bytearray()
    for line in block.split(b"\n"):
        line = line.rstrip(b"\r")
        if line[:1] in {b" ", b"\t"} and current:
            if len(current) < HEADER_BYTES:
                current += b" " + line.strip()
            continue
        if current:
            yield bytes(current)
        current = bytearray(line)
    if current:
        yield bytes(current)


def _entity_headers(block: bytes) -> Message:
    """Let the library read only what describes a part, at a size it is quick with."""
    kept = [
        line[:_FIELD_BYTES]
        for line in _unfolded(block[:HEADERS_BYTES])
        if line.partition(b":")[0].strip().decode("latin-1").casefold() in _STRUCTURED
    ]
    return email.message_from_bytes(b"\n".join(kept[:20]) + b"\n\n", policy=compat32)


def _leaves(raw: bytes) -> Iterator[Part]:
    waiting, seen = [_Node(raw, 0, "")], 0
    while waiting:
        node = waiting.pop()
        seen += 1
        block = header_block(node.raw)
        head = _entity_headers(block)
        body = node.raw[len(block) :].lstrip(b"\r\n") if block != node.raw else b""
        boundary = _parameter(head, "content-type", "boundary")
        if head.get_content_maintype() == "multipart" and boundary:
            if node.depth < MAX_DEPTH and seen < MAX_PARTS:
                children = list(_split(body, boundary.encode("utf-8", "replace")[:200]))
                waiting += [_Node(child, node.depth + 1, boundary) for child in reversed(children)]
            else:
                # Deeper than any honest mail: kept whole, looked into by nobody.
                yield Part("message/rfc822", "", "rest.eml", "", True, node.raw)
            continue
        if seen > MAX_PARTS:
            return
        yield _leaf(head, body)


def _split(body: bytes, boundary: bytes) -> Iterator[bytes]:
    """Give the parts between the boundary lines, capped; without a boundary there is one."""
    line = re.compile(rb"(?:\A|(?<=\n))--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r?\n|\Z)")
    found = list(islice(line.finditer(body), MAX_PARTS))
    if not found:
        yield b"\n" + body
    for mark, following in zip_longest(found, found[1:]):
        if mark[1]:
            return
        end = following.start() if following else len(body)
        part = body[mark.end() : end].removeprefix(b"\r").removeprefix(b"\n")
        yield part.removesuffix(b"\n").removesuffix(b"\r") if following else part


def _leaf(head: Message, body: bytes) -> Part:
    name = _parameter(head, "content-disposition", "filename") or _parameter(
        head, "content-type", "name"
    )
    content_type = head.get_content_type()
    disposition = (head.get_content_disposition() or "").casefold()
    is_text = content_type in {"text/plain", "text/html"}
    return Part(
        content_type=content_type,
        charset=_parameter(head, "content-type", "charset"),
        name=safe_name(name, "") if name else "",
        content_id=clean_line(str(head.get("content-id", "")), 200).strip("<>"),
        is_attachment=disposition == "attachment" or bool(name) or not is_text,
        content=undo(body, str(head.get("content-transfer-encoding", ""))),
    )


def _parameter(head: Message, field_name: str, name: str) -> str:
    """Read a parameter, also in the pieces of RFC 2231, by our own charset chain."""
    try:
        value = head.get_param(name, "", field_name)
    except (
        LookupError,
        ValueError,
        TypeError,
    ):  # the library trips over some broken RFC 2231 pieces
        return ""
    if isinstance(value, tuple):
        charset, _, text = value
        return decode(text.encode("latin-1", "replace"), charset or "")
    return decode(str(value).encode("utf-8", "surrogateescape")) if value else ""


def _joined(parts: list[Part]) -> str | None:
    texts = [decode(part.content[:TEXT_BYTES], part.charset) for part in parts[:20]]
    return "\n".join(texts) if parts else None


def _files(parts: list[Part]) -> tuple[MailFile, ...]:
    files, taken = [], set()
    for number, part in enumerate(parts[:MAX_FILES], 1):
        name = part.name or _default_name(part, number)
        if name in taken:
            name = f"{number}-{name}"
        taken.add(name)
        files.append(MailFile(name, part.content_type, part.content))
    return tuple(files)


def _default_name(part: Part, number: int) -> str:
    extension = {
        "message/rfc822": "eml",
        "image/png": "png",
        "image/jpeg": "jpg",
        "text/calendar": "ics",
    }
    return f"file-{number}.{extension.get(part.content_type, 'bin')}"
