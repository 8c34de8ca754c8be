"""Reply, bounce and unsubscribe addresses: tokens minted and read without a database."""

import base64
import binascii
import hashlib
import hmac
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Final

REPLY_DAYS: Final = 90
MAC_BYTES: Final = 10
_FIELDS: Final = struct.Struct(">BQQHHH")
_TOKEN_CHARS: Final = 53
_EPOCH_DAY: Final = date(2024, 1, 1)
_ROLE_LOCAL_PARTS: Final = frozenset({"postmaster", "abuse"})


class Kind(IntEnum):
    """What an address of ours asks for; the number travels inside the token."""

    REPLY = 1
    BOUNCE = 2
    UNSUBSCRIBE = 3
    ACT = 4


_LETTERS: Final = {"r": Kind.REPLY, "b": Kind.BOUNCE, "u": Kind.UNSUBSCRIBE, "a": Kind.ACT}
_LETTER_OF: Final = {kind: letter for letter, kind in _LETTERS.items()}


@dataclass(frozen=True, slots=True)
class Keys:
    """The company's address keys: one mints, all read, so that a rotation breaks no answer."""

    current: int
    secrets: Mapping[int, bytes]


@dataclass(frozen=True, slots=True)
class Token:
    """What a token says. It routes; it never authenticates."""

    kind: Kind
    object_id: int
    person_id: int
    topic: int = 0
    epoch: int = 0
    day: int = 0


def day_number(day: date) -> int:
    return (day - _EPOCH_DAY).days


def topic_code(name: str) -> int:
    """Give a notice kind or mail handler its 16 bits inside a token."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=2).digest(), "big")


def mint(keys: Keys, token: Token) -> str:
    """Write the token as a local part of at most 64 characters, lower case."""
    head = _FIELDS.pack(
        token.kind << 4 | keys.current,
        token.object_id,
        token.person_id,
        token.topic,
        token.epoch & 0xFFFF,
        token.day,
    )
    raw = head + _mac(keys.secrets[keys.current], head)
    return f"{_LETTER_OF[token.kind]}.{_encode(raw)}"


def read(keys: Keys, local_part: str) -> Token | None:
    """Read a token whose MAC holds; anything else is None."""
    letter, text = _split(local_part)
    kind = _LETTERS.get(letter)
    raw = _decode(text) if kind else None
    if kind is None or raw is None:
        return None
    head, seal = raw[:-MAC_BYTES], raw[-MAC_BYTES:]
    first, object_id, person_id, topic, epoch, day = _FIELDS.unpack(head)
    secret = keys.secrets.get(first & 0x0F)
    if secret is None or first >> 4 != kind or not hmac.compare_digest(seal, _mac(secret, head)):
        return None
    return Token(kind, object_id, person_id, topic, epoch, day)


def is_expired(token: Token, today: date, days: int = REPLY_DAYS) -> bool:
    return day_number(today) - token.day > days


def is_role(local_part: str) -> bool:
    """Postmaster and abuse are accepted whatever happens (RFC 2142)."""
    return local_part.casefold() in _ROLE_LOCAL_PARTS


def split_address(address: str) -> tuple[str, str]:
    """Split at the last @; the domain comes back lower-cased and without a final dot."""
    local_part, _, domain = address.rpartition("@")
    return local_part, domain.casefold().rstrip(".")


def _split(local_part: str) -> tuple[str, str]:
    # Some relays and clients hand the plus sign back quoted.
    plain = (
        local_part.replace("=2B", "+")
        .replace("=2b", "+")
        .replace("%2B", "+")
        .replace("%2b", "+")
        .lower()
    )
    letter, text = plain[:1], plain[2:]
    return (letter, text) if plain[1:2] in {".", "+"} else ("", "")


def _mac(secret: bytes, head: bytes) -> bytes:
    return hashlib.blake2b(
        head, key=secret[:64], digest_size=MAC_BYTES, person=b"mail-address"
    ).digest()


def _encode(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=").lower()


def _decode(text: str) -> bytes | None:
    if len(text) != _TOKEN_CHARS or not text.isascii():
        return None
    try:
        raw = base64.b32decode(text.upper() + "=" * (-len(text) % 8))
    except binascii.Error:
        return None
    # Spare bits of the last letter would give one token two spellings.
    return raw if _encode(raw) == text else None
