"""HTTP message signatures (RFC 9421) with Ed25519, in the one profile partners use."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from . import digest, sf

LABEL = "partner"
TAG = "partner-federation-v1"
LIFE_SECONDS = 300
SKEW_PAST_SECONDS = 300
SKEW_FUTURE_SECONDS = 60

GET_COVERS = ("@method", "@target-uri")
POST_COVERS = ("@method", "@target-uri", "content-digest", "content-type")
_COVERS = {"GET": GET_COVERS, "POST": POST_COVERS}

_PARAMETERS = {
    "created": int,
    "expires": int,
    "keyid": str,
    "nonce": str,
    "tag": str,
    "alg": str,
}


class Refused(ValueError):
    """The message is not signed as a partner signs; the text is for the audit log only."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a signature is about."""

    method: str
    target_uri: str
    headers: Sequence[tuple[str, str]]

    def field(self, name: str) -> str:
        """The value of a field that must be there exactly once."""
        values = [value for key, value in self.headers if key.lower() == name]
        if len(values) != 1:
            raise Refused(f"{name} must be there once")
        return values[0].strip(" \t")


@dataclass(frozen=True, slots=True)
class Claim:
    """A signature as it was written on a message: nothing of it is true yet."""

    keyid: str
    created: int
    expires: int
    nonce: str
    covers: tuple[str, ...]
    signature: bytes
    params: str


def signature_base(message: Message, covers: Sequence[str], params: str) -> bytes:
    """The exact bytes to sign (RFC 9421 2.5)."""
    lines = [f'"{name}": {_component(message, name)}' for name in covers]
    lines.append(f'"@signature-params": {params}')
    return "\n".join(lines).encode("ascii")


def sign(
    message: Message, key: Ed25519PrivateKey, keyid: str, *, now: int, nonce: str
) -> list[tuple[str, str]]:
    """The two headers that sign a message; a POST must already carry its digest and type."""
    covers = _COVERS[message.method]
    params = sf.InnerList(
        tuple(sf.Item(name) for name in covers),
        {
            "created": now,
            "expires": now + LIFE_SECONDS,
            "keyid": keyid,
            "nonce": nonce,
            "tag": TAG,
        },
    )
    base = signature_base(message, covers, sf.serialise(params))
    return [
        ("signature-input", sf.serialise_dictionary({LABEL: params})),
        ("signature", sf.serialise_dictionary({LABEL: sf.Item(key.sign(base))})),
    ]


def read(message: Message) -> Claim:
    """Find the one signature of our profile; anything more, less or else is refused."""
    try:
        inputs = sf.parse_dictionary(message.field("signature-input"))
        signatures = sf.parse_dictionary(message.field("signature"))
    except sf.BadField as error:
        raise Refused(f"signature fields: {error}") from None
    if len(inputs) != 1 or inputs.keys() != signatures.keys():
        raise Refused("exactly one signature is expected")
    [(label, params)] = inputs.items()
    signature = signatures[label]
    if not isinstance(params, sf.InnerList):
        raise Refused("the signature input is not a list")
    if not isinstance(signature, sf.Item) or not isinstance(signature.value, bytes):
        raise Refused("the signature is not bytes")
    return _claim(params, signature.value)


def verify(claim: Claim, message: Message, key: Ed25519PublicKey, *, now: int) -> None:
    """Return only when the profile, the window and the signature all hold."""
    if sorted(claim.covers) != sorted(_COVERS.get(message.method, ())) or not claim.covers:
        raise Refused("covers the wrong components")
    _check_window(claim, now)
    try:
        base = signature_base(message, claim.covers, claim.params)
        key.verify(claim.signature, base)
    except (InvalidSignature, UnicodeEncodeError):
        raise Refused("signature does not match") from None


def check_body(message: Message, body: bytes) -> None:
    """Compare the raw body with the digest the signature covers."""
    if not digest.matches(message.field("content-digest"), body):
        raise Refused("content-digest does not match the body")


def _claim(params: sf.InnerList, signature: bytes) -> Claim:
    values = params.parameters
    for name, value in values.items():
        # bool is an int in Python, a token is a str: neither may stand in for the plain kind.
        if type(value) is not _PARAMETERS.get(name):
            raise Refused(f"unexpected parameter {name}")
    created, expires = values.get("created"), values.get("expires")
    keyid, nonce = values.get("keyid"), values.get("nonce")
    if not isinstance(created, int) or not isinstance(expires, int):
        raise Refused("created and expires are required")
    if not isinstance(keyid, str) or not isinstance(nonce, str) or not nonce:
        raise Refused("keyid and nonce are required")
    if values.get("tag") != TAG or values.get("alg", "ed25519") != "ed25519":
        raise Refused("another profile")
    return Claim(keyid, created, expires, nonce, _covers(params), signature, sf.serialise(params))


def _covers(params: sf.InnerList) -> tuple[str, ...]:
    names: list[str] = []
    for item in params.items:
        if type(item.value) is not str or item.parameters or item.value in names:
            raise Refused("odd component")
        names.append(item.value)
    return tuple(names)


def _check_window(claim: Claim, now: int) -> None:
    if not now - SKEW_PAST_SECONDS <= claim.created <= now + SKEW_FUTURE_SECONDS:
        raise Refused("created outside the window")
    if not claim.created < claim.expires <= claim.created + LIFE_SECONDS or claim.expires < now:
        raise Refused("expired, or valid for too long")


def _component(message: Message, name: str) -> str:
    if not name.startswith("@"):
        return message.field(name)
    parts = urlsplit(message.target_uri)
    derived = {
        "@method": message.method,
        "@target-uri": message.target_uri,
        "@authority": parts.netloc,
        "@scheme": parts.scheme,
        "@path": parts.path,
        "@query": f"?{parts.query}",
    }
    if name not in derived:
        raise Refused(f"unknown component {name}")
    return derived[name]
