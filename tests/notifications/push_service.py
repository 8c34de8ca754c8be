"""A push service on loopback with one browser behind it, which reads with its private key."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from rse.notifications.push.encryption import CURVE, Receiver, point, read_point
from rse.notifications.push.vapid import decode


@dataclass
class PushService:
    """What came, and what it answers."""

    status: int = 201
    endpoint: str = ""
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(CURVE)
    )
    before_answer: Callable[[], None] | None = None
    auth: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def receiver(self) -> Receiver:
        return Receiver(point(self.private.public_key()), self.auth)

    def read(self, number: int = -1) -> dict[str, str | int]:
        """The words of a message, as the browser reads them."""
        words = decrypt(self.came[number][1], self.private, self.auth)
        found: dict[str, str | int] = orjson.loads(words)
        return found

    async def take(self, request: web.Request) -> web.Response:
        self.came.append((dict(request.headers), await request.read()))
        if self.before_answer is not None:
            self.before_answer()
        return web.Response(status=self.status)


@asynccontextmanager
async def serving() -> AsyncIterator[PushService]:
    service = PushService()
    app = web.Application()
    app.router.add_post("/push/{name}", service.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    service.endpoint = f"http://127.0.0.1:{runner.addresses[0][1]}/push/one"
    yield service
    await runner.cleanup()


def decrypt(body: bytes, private: ec.EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """RFC 8291 from the other side, written apart from the code under test."""
    salt, size = body[:16], body[20]
    theirs, sealed = body[21 : 21 + size], body[21 + size :]
    shared = private.exchange(ec.ECDH(), read_point(theirs))
    info = b"WebPush: info\0" + point(private.public_key()) + theirs
    secret = HKDF(SHA256(), 32, auth, info).derive(shared)
    key = HKDF(SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(secret)
    nonce = HKDF(SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(secret)
    plain = AESGCM(key).decrypt(nonce, sealed, None)
    assert plain[-1:] == b"\x02"
    return plain[:-1]


def claims(header: str) -> dict[str, Any]:
    """What a VAPID header claims, its signature proven by the key beside it."""
    fields = dict(part.split("=", 1) for part in header.removeprefix("vapid ").split(", "))
    signed, _dot, signature = fields["t"].rpartition(".")
    raw = decode(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    read_point(decode(fields["k"])).verify(der, signed.encode(), ec.ECDSA(SHA256()))
    found: dict[str, Any] = orjson.loads(decode(signed.split(".")[1]))
    return found
