"""Content-Digest (RFC 9530): the body that arrived is the body that was signed."""

import hashlib
import hmac

from . import sf

_KNOWN = {"sha-256": hashlib.sha256, "sha-512": hashlib.sha512}


def content_digest(body: bytes) -> str:
    """The header value for a body."""
    return sf.serialise_dictionary({"sha-256": sf.Item(hashlib.sha256(body).digest())})


def matches(header: str, body: bytes) -> bool:
    """SHA-256 must be there and right; any other digest we know must be right too."""
    try:
        members = sf.parse_dictionary(header)
    except sf.BadField:
        return False
    return "sha-256" in members and all(
        _right(name, member, body) for name, member in members.items()
    )


def _right(name: str, member: sf.Item | sf.InnerList, body: bytes) -> bool:
    if name not in _KNOWN:
        return True
    if not isinstance(member, sf.Item) or not isinstance(member.value, bytes):
        return False
    return hmac.compare_digest(member.value, _KNOWN[name](body).digest())
