"""The federation ids of our own things, and back."""

import hashlib

from rse.config import settings
from rse.identity.models import Person
from rse.kernel.errors import NotFound
from rse.kernel.ids import parse_public, to_public

from .core import ids

ACTOR_PATH = "/fed/actor"
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


def our_origin() -> str:
    return settings().origin


def on_loopback() -> bool:
    """Plain http is spoken only by an instance that is itself a trial on this machine."""
    return our_origin().startswith("http://")


def our_actor() -> str:
    return our_origin() + ACTOR_PATH


def object_uri(kind: str, object_id: int) -> str:
    """The id of one of our objects: kind is the key of `Feature.objects`, such as "posts"."""
    return ids.mint(our_origin(), kind, to_public(object_id))


def person_uri(person: Person) -> str:
    """The id of a person, ours or a partner's."""
    return person.uri or object_uri("people", person.id)


def partnership_uri(origin: str, partnership: str) -> str:
    """How the company at an origin names a partnership of its own."""
    return f"{origin}/fed/partnerships/{partnership}"


def activity_uri(key: str) -> str:
    """The id of an activity of ours; the same key is the same activity, however often said."""
    number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:16], "big")
    text = "".join(_CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))
    return ids.mint(our_origin(), "activities", text)


def local_id(uri: str, kind: str) -> int | None:
    """The number of one of our objects of this kind; None for everything else."""
    found = local_object(uri)
    return found[1] if found and found[0] == kind else None


def local_object(uri: str) -> tuple[str, int] | None:
    """Kind and number of one of our own objects."""
    minted = ids.read_minted(uri, our_origin())
    if minted is None:
        return None
    try:
        return minted[0], parse_public(minted[1])
    except NotFound:
        return None
