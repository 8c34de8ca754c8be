"""The invite link, and the proof of holding it without sending it."""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Self

from . import digest, ids, jcs, jsonsafe, sf

PATH = "/federation/join"
TOKEN_BYTES = 32
MAX_LINK = 2048
PROOF_HEADER = "partnership-proof"


class BadLink(ValueError):
    """The pasted text is no invite link."""


@dataclass(frozen=True, slots=True)
class Invite:
    """What the fragment of an invite link says; a fragment is never sent to a server or logged."""

    origin: str
    partnership: str
    token: bytes
    fingerprint: str
    expires: int

    def link(self) -> str:
        document: jsonsafe.JsonObject = {
            "origin": self.origin,
            "partnership": self.partnership,
            "token": _encode(self.token),
            "fingerprint": self.fingerprint,
            "expires": self.expires,
        }
        return f"{self.origin}{PATH}#{_encode(jcs.canonical(document))}"

    @classmethod
    def read(cls, link: str, *, loopback: bool = False) -> Self:
        """Read a pasted link."""
        page, _, fragment = link.strip().partition("#")
        try:
            document = jsonsafe.parse(_decode(fragment[:MAX_LINK]))
            invite = cls(
                origin=ids.origin(_text(document, "origin"), loopback=loopback),
                partnership=_text(document, "partnership"),
                token=_decode(_text(document, "token")),
                fingerprint=_text(document, "fingerprint"),
                expires=_number(document, "expires"),
            )
        except (ids.BadIri, jsonsafe.Malformed, binascii.Error, UnicodeEncodeError):
            raise BadLink("not an invite link") from None
        if page != invite.origin + PATH or len(invite.token) != TOKEN_BYTES:
            raise BadLink("the link contradicts itself")
        return invite


def proof_key(token: bytes) -> bytes:
    """What both sides derive from the token; the inviter keeps only this."""
    return hashlib.sha256(b"partner-invite-v1\0" + token).digest()


def write_proof(key: bytes, partnership: str, target: str, body: bytes) -> str:
    """The header that proves the token over the whole offer, without showing it."""
    item = sf.Item(_mac(key, partnership, target, body), {"id": partnership})
    return sf.serialise_dictionary({"offer": item})


def read_proof(header: str) -> tuple[str, bytes] | None:
    """Partnership id and MAC as claimed; None when the header is anything else."""
    try:
        member = sf.parse_dictionary(header).get("offer")
    except sf.BadField:
        return None
    if not isinstance(member, sf.Item) or not isinstance(member.value, bytes):
        return None
    partnership = member.parameters.get("id")
    return (partnership, member.value) if isinstance(partnership, str) else None


def proves(mac: bytes, key: bytes, partnership: str, target: str, body: bytes) -> bool:
    return hmac.compare_digest(mac, _mac(key, partnership, target, body))


def _mac(key: bytes, partnership: str, target: str, body: bytes) -> bytes:
    said = json.dumps(["offer", partnership, target, digest.content_digest(body)])
    return hmac.new(key, said.encode(), hashlib.sha256).digest()


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _decode(text: str) -> bytes:
    padded = text.encode("ascii") + b"=" * (-len(text) % 4)
    return base64.b64decode(padded, altchars=b"-_", validate=True)


def _text(document: jsonsafe.JsonObject, name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str):
        raise jsonsafe.Malformed(f"{name} is missing")
    return value


def _number(document: jsonsafe.JsonObject, name: str) -> int:
    value = document.get(name)
    if not isinstance(value, int):
        raise jsonsafe.Malformed(f"{name} is missing")
    return value
