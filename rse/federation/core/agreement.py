"""The life of a partnership, and the one document both sides sign."""

from collections.abc import Mapping
from typing import Literal

from . import proof
from .jsonsafe import Json, JsonObject
from .vocab import CONTEXT

State = Literal["draft", "offered", "verifying", "active", "suspended", "terminated"]
VERSION = 1

# What may follow what. Terminated is the end: a new partnership begins with a new invitation.
_NEXT: Mapping[str, frozenset[str]] = {
    "draft": frozenset({"offered"}),
    "offered": frozenset({"verifying", "terminated"}),
    "verifying": frozenset({"active", "terminated"}),
    "active": frozenset({"suspended", "terminated"}),
    "suspended": frozenset({"active", "terminated"}),
    "terminated": frozenset(),
}

# Every term and its values from narrow to wide.
_TERMS: Mapping[str, tuple[Json, ...]] = {
    "profile": ("minimal", "card"),
    "transitive": (False, True),
    "directMessages": (False, True),
}
DEFAULT_TERMS: JsonObject = {"profile": "card", "transitive": False, "directMessages": False}


def may_become(state: str, following: str) -> bool:
    return following in _NEXT.get(state, frozenset())


def narrower(ours: JsonObject, theirs: JsonObject) -> JsonObject:
    """Field by field the narrower of two offers; what one side leaves out is narrowest."""
    return {name: _narrower(scale, ours, theirs, name) for name, scale in _TERMS.items()}


def _narrower(scale: tuple[Json, ...], ours: JsonObject, theirs: JsonObject, name: str) -> Json:
    def place(terms: JsonObject) -> int:
        wish = terms.get(name)
        found = [index for index, value in enumerate(scale) if value == wish]
        return found[0] if found and type(wish) is type(scale[found[0]]) else 0

    return scale[min(place(ours), place(theirs))]


def write(
    partnership: str, published: str, terms: JsonObject, inviter: JsonObject, joiner: JsonObject
) -> JsonObject:
    """The agreement; both sides must come to the same bytes."""
    return {
        "@context": CONTEXT,
        "type": "Agreement",
        "version": VERSION,
        "partnership": partnership,
        "published": published,
        "terms": terms,
        "parties": [inviter, joiner],
    }


def party(actor: str, public_key: str) -> JsonObject:
    return {"actor": actor, "publicKeyMultibase": public_key}


def agreement_id(document: JsonObject) -> str:
    return proof.digest(document)
