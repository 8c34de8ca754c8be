"""Encrypts a message for one browser: RFC 8291 over the aes128gcm coding of RFC 8188."""

import os
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
RECORD = 4096
# What fits into the one record: less the header, the delimiter and the tag.
MOST = RECORD - 86 - 1 - 16


@dataclass(frozen=True, slots=True)
class Receiver:
    """A browser's public key, as an uncompressed point, and its secret for this subscription."""

    public: bytes
    auth: bytes


def encrypt(
    message: bytes,
    receiver: Receiver,
    *,
    private: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes = b"",
) -> bytes:
    """The body of a push request; key and salt are new for each message, save in tests."""
    if len(message) > MOST:
        raise ValueError(f"a push message holds at most {MOST} bytes")
    private = private or ec.generate_private_key(CURVE)
    salt = salt or os.urandom(16)
    ours = point(private.public_key())
    shared = private.exchange(ec.ECDH(), read_point(receiver.public))
    key_info = b"WebPush: info\0" + receiver.public + ours
    secret = _derive(shared, receiver.auth, key_info, 32)
    key = _derive(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derive(secret, salt, b"Content-Encoding: nonce\0", 12)
    sealed = AESGCM(key).encrypt(nonce, message + b"\x02", None)
    return salt + RECORD.to_bytes(4, "big") + bytes([len(ours)]) + ours + sealed


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """A public key as an uncompressed point."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def read_point(raw: bytes) -> ec.EllipticCurvePublicKey:
    """ValueError for bytes that are no point of the curve."""
    return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, raw)


def _derive(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(material)
