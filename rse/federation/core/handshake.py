"""The messages of the handshake: strict readings, and what both sides must compute alike."""

from dataclasses import dataclass

from . import jcs, jsonsafe
from .jsonsafe import JsonObject, Malformed
from .reading import parse_application
from .vocab import CONTEXT, Application

MAX_BYTES = 16 * 1024
HEX_DIGITS = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Offer:
    """Joiner to inviter: who I am, whose key I expect, and a nonce in a closed envelope."""

    partnership: str
    inviter_fingerprint: str
    commitment: str
    terms: JsonObject
    application: Application

    def to_json(self) -> JsonObject:
        return {
            "@context": CONTEXT,
            "type": "Offer",
            "partnership": self.partnership,
            "inviterFingerprint": self.inviter_fingerprint,
            "commitment": self.commitment,
            "terms": self.terms,
            "application": self.application.to_json(),
        }


@dataclass(frozen=True, slots=True)
class Reply:
    """Inviter to joiner, in answer to the offer: my nonce, open."""

    nonce: str
    published: str
    terms: JsonObject

    def to_json(self) -> JsonObject:
        return {"nonce": self.nonce, "published": self.published, "terms": self.terms}


@dataclass(frozen=True, slots=True)
class Reveal:
    """Joiner to inviter: the envelope, opened."""

    partnership: str
    nonce: str

    def to_json(self) -> JsonObject:
        return {"type": "Reveal", "partnership": self.partnership, "nonce": self.nonce}


@dataclass(frozen=True, slots=True)
class Accept:
    """Either to the other: our admin confirmed; here is our proof over the agreement."""

    partnership: str
    agreement: str
    proof: JsonObject

    def to_json(self) -> JsonObject:
        return {
            "type": "Accept",
            "partnership": self.partnership,
            "agreement": self.agreement,
            "proof": self.proof,
        }


def read_offer(body: bytes, *, loopback: bool = False) -> Offer:
    document = _read(body, "Offer")
    if document.get("@context") != CONTEXT:
        raise Malformed("another context")
    return Offer(
        partnership=_text(document, "partnership"),
        inviter_fingerprint=_hash(document, "inviterFingerprint"),
        commitment=_hash(document, "commitment"),
        terms=_object(document, "terms"),
        application=parse_application(_object(document, "application"), loopback=loopback),
    )


def read_reply(body: bytes) -> Reply:
    document = jsonsafe.parse(body)
    return Reply(
        nonce=_hash(document, "nonce"),
        published=_text(document, "published"),
        terms=_object(document, "terms"),
    )


def read_message(body: bytes) -> Reveal | Accept:
    """What a side that is known already says next."""
    document = jsonsafe.parse(body)
    partnership = _text(document, "partnership")
    if document.get("type") == "Reveal":
        return Reveal(partnership, _hash(document, "nonce"))
    if document.get("type") == "Accept":
        return Accept(partnership, _hash(document, "agreement"), _object(document, "proof"))
    raise Malformed("no message of the handshake")


def write(message: Offer | Reply | Reveal | Accept) -> bytes:
    return jcs.canonical(message.to_json())


def _read(body: bytes, kind: str) -> JsonObject:
    document = jsonsafe.parse(body)
    if document.get("type") != kind:
        raise Malformed(f"not an {kind}")
    return document


def _text(document: JsonObject, name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 64:
        raise Malformed(f"{name} is missing")
    return value


def _hash(document: JsonObject, name: str) -> str:
    value = _text(document, name)
    if len(value) != 64 or not HEX_DIGITS.issuperset(value):
        raise Malformed(f"{name} is not 32 bytes in hex")
    return value


def _object(document: JsonObject, name: str) -> JsonObject:
    value = document.get(name)
    if not isinstance(value, dict):
        raise Malformed(f"{name} is missing")
    return value
