"""Our root key, opened once and kept; partners' keys, parsed once and kept."""

import os
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from rse.federation.core import keys
from rse.federation.names import our_actor
from rse.kernel import crypto

from .models import InstanceKey

_NONCE_BYTES = 12
_opened: dict[str, Ed25519PrivateKey] = {}


async def root_key() -> Ed25519PrivateKey:
    """This instance's root key, made on first use."""
    origin = our_actor()
    if origin not in _opened:
        _opened[origin] = await _load()
    return _opened[origin]


def our_keyid() -> str:
    return f"{our_actor()}#root"


async def our_fingerprint() -> str:
    return keys.fingerprint((await root_key()).public_key())


@lru_cache(maxsize=4096)
def public_key(multikey: str) -> Ed25519PublicKey:
    """A partner's key from its row."""
    return keys.from_multikey(multikey)


def forget() -> None:
    """Close the ring: the next use reads the database again."""
    _opened.clear()


def seal(data: bytes, purpose: str) -> bytes:
    """Encrypt for our own database."""
    nonce = os.urandom(_NONCE_BYTES)
    cipher = ChaCha20Poly1305(crypto.secret(f"federation.{purpose}"))
    return nonce + cipher.encrypt(nonce, data, purpose.encode())


def unseal(sealed: bytes, purpose: str) -> bytes:
    cipher = ChaCha20Poly1305(crypto.secret(f"federation.{purpose}"))
    return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], purpose.encode())


async def _load() -> Ed25519PrivateKey:
    if not await InstanceKey.exists():
        key = Ed25519PrivateKey.generate()
        await InstanceKey.create(
            public_key=keys.to_multikey(key.public_key()),
            sealed=seal(key.private_bytes_raw(), "root-key"),
        )
    # The oldest counts: two processes that start at once must end with the same key.
    row = await InstanceKey.all().order_by("id").first()
    assert row is not None  # noqa: S101 - it was made above
    return keys.load_private(unseal(bytes(row.sealed), "root-key"))
