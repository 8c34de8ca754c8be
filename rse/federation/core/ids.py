"""One strict reading of an IRI, and the only comparison of origins."""

import re
from dataclasses import dataclass
from typing import Self

MAX_LENGTH = 512

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])?")
_PORT = re.compile(r"[1-9][0-9]{0,4}")
_TAIL = re.compile(r"/[A-Za-z0-9._~!$&'()*+,;=:@/-]*(?:\?[A-Za-z0-9._~!$&'()*+,;=:@/?%-]*)?")
_FRAGMENT = re.compile(r"[A-Za-z0-9._~-]{1,64}")
_LOOPBACK = ("127.0.0.1", "localhost")
_DEFAULT_PORT = {"https": 443, "http": 80}


class BadIri(ValueError):
    """Not an IRI we accept; it is refused as written, never repaired."""


@dataclass(frozen=True, slots=True)
class Iri:
    """An absolute IRI in its only accepted spelling."""

    origin: str
    tail: str
    fragment: str

    @classmethod
    def parse(cls, text: str, *, loopback: bool = False) -> Self:
        """Read `https://host[:port]/path`; plain http only to this machine, on `loopback`."""
        if len(text) > MAX_LENGTH:
            raise BadIri("too long")
        body, hash_mark, fragment = text.partition("#")
        if hash_mark and not _FRAGMENT.fullmatch(fragment):
            raise BadIri("odd fragment")
        scheme, separator, rest = body.partition("://")
        authority, slash, path = rest.partition("/")
        if not separator or not slash:
            raise BadIri("not absolute")
        tail = slash + path
        if not _TAIL.fullmatch(tail) or _has_dot_segment(tail):
            raise BadIri("odd path")
        return cls(origin(f"{scheme}://{authority}", loopback=loopback), tail, fragment)

    def __str__(self) -> str:
        return self.origin + self.tail + (f"#{self.fragment}" if self.fragment else "")


def origin(text: str, *, loopback: bool = False) -> str:
    """Check that a text is an origin in canonical spelling and give it back."""
    scheme, separator, authority = text.partition("://")
    host, colon, port = authority.partition(":")
    if not separator or scheme not in _allowed_schemes(host, loopback):
        raise BadIri("not https")
    if colon and (not _PORT.fullmatch(port) or not _usual(scheme, int(port))):
        raise BadIri("odd port")
    local = loopback and host in _LOOPBACK
    if not local and (len(host) > 253 or not _HOST.fullmatch(host)):
        raise BadIri("odd host")
    return text


def origin_of(text: str, *, loopback: bool = False) -> str:
    """The origin an IRI belongs to."""
    return Iri.parse(text, loopback=loopback).origin


def belongs(text: str, to: str, *, loopback: bool = False) -> bool:
    """Whether an IRI is well formed and lies on that origin."""
    try:
        return origin_of(text, loopback=loopback) == to
    except BadIri:
        return False


def mint(origin: str, kind: str, public_id: str) -> str:
    """The id of one of our own objects: no names, no titles."""
    return f"{origin}/fed/{kind}/{public_id}"


def read_minted(text: str, origin: str) -> tuple[str, str] | None:
    """Kind and public id of an IRI that `mint` made for this origin."""
    head = f"{origin}/fed/"
    if not text.startswith(head):
        return None
    kind, slash, public_id = text[len(head) :].partition("/")
    known = bool(slash) and re.fullmatch(r"[a-z]{1,32}", kind) is not None
    if not known or re.fullmatch(r"[0-9a-z]{1,32}", public_id) is None:
        return None
    return kind, public_id


def _allowed_schemes(host: str, loopback: bool) -> tuple[str, ...]:
    return ("https", "http") if loopback and host in _LOOPBACK else ("https",)


def _usual(scheme: str, port: int) -> bool:
    return port <= 65535 and port != _DEFAULT_PORT[scheme]


def _has_dot_segment(tail: str) -> bool:
    segments = tail.partition("?")[0].split("/")
    return "." in segments or ".." in segments
