"""Tokens, keyed hashes, derived secrets and passwords."""

import asyncio
import hashlib
import hmac
import os
import secrets
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()
# Two at a time: each takes 64 MiB, and a burst of sign-ins must not starve the loop.
_slots = asyncio.Semaphore(2)
_master = b""


def open_master_key(path: Path) -> None:
    """Read the instance's master key, or make it on the first start (mode 0600)."""
    global _master  # noqa: PLW0603 - one instance per process
    try:
        _master = path.read_bytes()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(32))
        _master = path.read_bytes()
    if len(_master) < 32:
        raise ValueError(f"{path}: the master key is damaged; restore it from your backup")


def secret(purpose: str) -> bytes:
    """A 32-byte key of its own for each purpose, derived from the master key."""
    if not _master:
        raise RuntimeError("the master key is not open")
    return hashlib.blake2b(purpose.encode(), key=_master, digest_size=32).digest()


def token(size: int = 24) -> str:
    """A random URL-safe token of `size` bytes."""
    return secrets.token_urlsafe(size)


def hash_token(text: str) -> bytes:
    """What is stored of a token: enough to recognise it, useless to present it."""
    return hashlib.sha256(text.encode()).digest()


def mac(key: bytes, *parts: bytes | str | int) -> bytes:
    """A 32-byte keyed hash over parts, each with its length, so that parts cannot slide."""
    keyed = hashlib.blake2b(key=key, digest_size=32)
    for part in parts:
        raw = part if isinstance(part, bytes) else str(part).encode()
        keyed.update(len(raw).to_bytes(8, "big") + raw)
    return keyed.digest()


def same(one: bytes | str, other: bytes | str) -> bool:
    """Compare in constant time."""
    left = one.encode() if isinstance(one, str) else one
    return hmac.compare_digest(left, other.encode() if isinstance(other, str) else other)


async def hash_password(password: str) -> str:
    """The argon2id hash, made outside the loop."""
    async with _slots:
        return await asyncio.to_thread(_hasher.hash, password)


async def verify_password(password_hash: str, password: str) -> bool:
    """Whether the password is right; False as well for a hash nobody can read."""
    async with _slots:
        return await asyncio.to_thread(_verify, password_hash, password)


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


async def spend_like_a_check() -> None:
    """Take as long as a real password check, so that an unknown login answers no sooner."""
    await verify_password(await asyncio.to_thread(_decoy), "decoy")


@cache
def _decoy() -> str:
    return _hasher.hash(secrets.token_hex(8))
