"""Says to a push service which instance speaks: RFC 8292, with a key of the instance's own."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from urllib.parse import urlsplit

import orjson
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from rse.kernel import clock
from rse.kernel.crypto import secret

from .encryption import CURVE, point

VALID = timedelta(hours=12)
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def private_key() -> ec.EllipticCurvePrivateKey:
    """Derived from the master key: nothing is stored, and every process has the same."""
    # 64 bytes for a number of 32, so that no remainder is likelier than another.
    wide = int.from_bytes(secret("push.vapid.1") + secret("push.vapid.2"), "big")
    return ec.derive_private_key(wide % (_ORDER - 1) + 1, CURVE)


def public_key() -> str:
    """What a browser wants to know when it subscribes."""
    return encode(point(private_key().public_key()))


def authorization(endpoint: str, contact: str) -> str:
    """The header for one push service, good for half a day."""
    address = urlsplit(endpoint)
    claims = {
        "aud": f"{address.scheme}://{address.netloc}",
        "exp": int((clock.now() + VALID).timestamp()),
        "sub": contact,
    }
    signed = ".".join(
        encode(orjson.dumps(part)) for part in ({"typ": "JWT", "alg": "ES256"}, claims)
    )
    r, s = decode_dss_signature(private_key().sign(signed.encode(), ec.ECDSA(SHA256())))
    signature = encode(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={signed}.{signature}, k={public_key()}"


def encode(raw: bytes) -> str:
    """Base64 for addresses, unpadded."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """ValueError when it is no base64."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
