"""Ed25519 keys as partners write, compare and read them aloud."""

import hashlib
import hmac
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from . import jcs
from .jsonsafe import Json

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_ED25519_PUBLIC = b"\xed\x01"
_MAX_BASE58 = 128
NONCE_BYTES = 32


class BadKey(ValueError):
    """Not an Ed25519 Multikey."""


def base58_encode(data: bytes) -> str:
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = _ALPHABET[digit] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def base58_decode(text: str) -> bytes:
    if len(text) > _MAX_BASE58 or any(char not in _ALPHABET for char in text):
        raise BadKey("not base58")
    number = 0
    for char in text:
        number = number * 58 + _ALPHABET.index(char)
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def multibase(data: bytes) -> str:
    return "z" + base58_encode(data)


def read_multibase(text: str) -> bytes:
    if not text.startswith("z"):
        raise BadKey("not base58-btc multibase")
    return base58_decode(text[1:])


def to_multikey(key: Ed25519PublicKey) -> str:
    return multibase(_ED25519_PUBLIC + key.public_bytes_raw())


def from_multikey(text: str) -> Ed25519PublicKey:
    raw = read_multibase(text)
    if raw[:2] != _ED25519_PUBLIC or len(raw) != 34:
        raise BadKey("not an Ed25519 public key")
    return Ed25519PublicKey.from_public_bytes(raw[2:])


def load_private(raw: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(raw)


def fingerprint(key: Ed25519PublicKey) -> str:
    """SHA-256 of the raw key in hex."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()


def grouped(fingerprint: str) -> str:
    """A fingerprint in groups of four, to be compared by eye."""
    return " ".join(fingerprint[at : at + 4] for at in range(0, len(fingerprint), 4))


def commitment(nonce: bytes) -> str:
    """Binds a nonce before it is shown."""
    return hashlib.sha256(b"partner-nonce\0" + nonce).hexdigest()


def opens(nonce: bytes, committed: str) -> bool:
    return len(nonce) == NONCE_BYTES and hmac.compare_digest(commitment(nonce), committed)


@dataclass(frozen=True, slots=True)
class Transcript:
    """Everything both sides must have seen alike; the inviting side comes first."""

    partnership: str
    inviter_origin: str
    inviter_fingerprint: str
    inviter_nonce: str
    joiner_origin: str
    joiner_fingerprint: str
    joiner_nonce: str

    def code(self) -> str:
        """Twelve digits for two admins to read to each other.

        The joiner commits to its nonce before it sees the inviter's, so nobody in the middle can
        try nonces until two different transcripts show the same digits.
        """
        seen: list[Json] = [
            "partner-code-v1",
            self.partnership,
            self.inviter_origin,
            self.inviter_fingerprint,
            self.inviter_nonce,
            self.joiner_origin,
            self.joiner_fingerprint,
            self.joiner_nonce,
        ]
        number = int.from_bytes(hashlib.sha256(jcs.canonical(seen)).digest()[:16], "big")
        return f"{number % 10**12:012d}"


def same_code(given: str, expected: str) -> bool:
    """Compare what was typed, whatever spaces and dashes were typed with it."""
    digits = "".join(char for char in given if char in "0123456789")
    return hmac.compare_digest(digits, expected)
