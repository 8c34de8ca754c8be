"""Keeps a waiting mail unreadable to whoever only has the database: it may hold a link."""

import os
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from rse.kernel.crypto import secret

_NONCE: Final = 12


def seal(plain: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + ChaCha20Poly1305(secret("mail-queue")).encrypt(nonce, plain, None)


def unseal(sealed: bytes) -> bytes:
    return ChaCha20Poly1305(secret("mail-queue")).decrypt(sealed[:_NONCE], sealed[_NONCE:], None)
