"""Object proofs (FEP-8b32, cryptosuite eddsa-jcs-2022) for documents that outlive a request."""

import hashlib
import hmac

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from . import jcs, keys
from .jsonsafe import Json, JsonObject

SUITE = "eddsa-jcs-2022"
PURPOSE = "assertionMethod"
_MEMBERS = {
    "@context",
    "type",
    "cryptosuite",
    "verificationMethod",
    "proofPurpose",
    "proofValue",
    "created",
}


class BadProof(ValueError):
    """The proof does not prove; the object is to be rejected, not taken as unsigned."""


def prove(document: JsonObject, key: Ed25519PrivateKey, method: str, created: str) -> JsonObject:
    """A proof over a document that carries none."""
    config: JsonObject = {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "verificationMethod": method,
        "proofPurpose": PURPOSE,
        "created": created,
    }
    if "@context" in document:
        config["@context"] = document["@context"]
    return config | {"proofValue": keys.multibase(key.sign(_to_sign(document, config)))}


def check(document: JsonObject, proof: Json, key: Ed25519PublicKey, method: str) -> None:
    """Return only when `proof` was made over `document` with this very key and purpose."""
    if not isinstance(proof, dict) or not proof.keys() <= _MEMBERS:
        raise BadProof("not one plain proof")
    wanted = ("DataIntegrityProof", SUITE, PURPOSE, method)
    named = ("type", "cryptosuite", "proofPurpose", "verificationMethod")
    if tuple(proof.get(name) for name in named) != wanted:
        raise BadProof("another type, suite, purpose or key")
    if proof.get("@context", document.get("@context")) != document.get("@context"):
        raise BadProof("another context")
    value = proof.get("proofValue")
    config = {name: member for name, member in proof.items() if name != "proofValue"}
    try:
        key.verify(keys.read_multibase(str(value)), _to_sign(document, config))
    except (InvalidSignature, keys.BadKey):
        raise BadProof("the proof does not match") from None


def digest(document: JsonObject) -> str:
    """SHA-256 of the canonical form."""
    return hashlib.sha256(jcs.canonical(document)).hexdigest()


def same_digest(one: str, other: str) -> bool:
    return hmac.compare_digest(one, other)


def _to_sign(document: JsonObject, config: JsonObject) -> bytes:
    halves = (jcs.canonical(config), jcs.canonical(document))
    return b"".join(hashlib.sha256(half).digest() for half in halves)
