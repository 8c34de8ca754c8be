"""Strict reading of partners' documents: each type has its allowed members, all else is unseen."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from .ids import BadIri, Iri
from .jsonsafe import JsonObject, Malformed
from .vocab import (
    CONTEXT,
    Activity,
    Application,
    Detail,
    Group,
    Mention,
    Note,
    Object,
    Partnership,
    Person,
    Ref,
    Tombstone,
)

T = TypeVar("T")

MAX_CONTENT = 200_000
MAX_NAME = 300
MAX_MENTIONS = 100
MAX_DETAILS, MAX_DETAIL = 50, 4_000
MAX_RECIPIENTS = 20


class Unsupported(Malformed):
    """Well formed, but nothing we know."""


def parse_activity(document: JsonObject, *, loopback: bool = False) -> Activity:
    """Read an activity; a member that is not allowed for its type is never looked at."""
    _refuse_json_ld(document)
    reader = _Reader(document, loopback)
    kind = reader.text("type", 32)
    if kind not in _ACTIVITIES:
        raise Unsupported("unknown activity type")
    card = reader.card("actor")
    activity = Activity(
        id=reader.iri("id"),
        type=kind,
        actor=card.id if card else reader.iri("actor"),
        object=_object(reader, kind),
        published=reader.time("published"),
        audience=reader.optional("audience", reader.iri),
        target=reader.optional("target", reader.iri),
        content=reader.optional("content", lambda name: reader.text(name, 64)),
        share_policy=reader.optional("sharePolicy", lambda name: reader.text(name, 32)),
        history_from=reader.optional("historyFrom", reader.time),
        card=card,
    )
    reader.recipients()
    return activity


def parse_application(document: JsonObject, *, loopback: bool = False) -> Application:
    """Read an instance's actor; its endpoints must lie on the instance's own origin."""
    _refuse_json_ld(document)
    reader = _Reader(document, loopback)
    if reader.text("type", 32) != "Application":
        raise Malformed("not an instance actor")
    own_id = reader.iri("id")
    application = Application(
        id=own_id,
        name=reader.text("name", MAX_NAME),
        inbox=reader.iri("inbox"),
        stream=reader.iri("stream"),
        public_key=_root_key(reader, own_id),
    )
    home = Iri.parse(own_id, loopback=loopback).origin
    for endpoint in (application.inbox, application.stream):
        if Iri.parse(endpoint, loopback=loopback).origin != home:
            raise Malformed("an endpoint lies on another origin")
    return application


def parse_object(document: JsonObject, *, loopback: bool = False) -> Object:
    """Read a Note, Tombstone, Person or Group served at its own id."""
    _refuse_json_ld(document)
    return _read_object(_Reader(document, loopback), tuple(_OBJECTS))


def _object(reader: "_Reader", activity_type: str) -> Object:
    allowed = _ACTIVITIES[activity_type]
    value = reader.document.get("object")
    if isinstance(value, str) and "" in allowed:
        return reader.iri("object")
    if not isinstance(value, dict):
        raise Malformed("object is missing or of the wrong kind")
    return _read_object(_Reader(value, reader.loopback), allowed)


def _read_object(reader: "_Reader", allowed: tuple[str, ...]) -> Object:
    kind = reader.text("type", 32)
    if kind not in allowed:
        raise Unsupported("unknown object type for this activity")
    return _OBJECTS[kind](reader)


def _note(reader: "_Reader") -> Note:
    reader.recipients()
    return Note(
        id=reader.iri("id"),
        attributed_to=reader.iri("attributedTo"),
        audience=reader.iri("audience"),
        content=reader.text("content", MAX_CONTENT),
        name=reader.optional("name", lambda name: reader.text(name, MAX_NAME)),
        published=reader.time("published"),
        updated=reader.optional("updated", reader.time),
        in_reply_to=reader.optional("inReplyTo", reader.iri),
        mentions=reader.mentions(),
    )


def _tombstone(reader: "_Reader") -> Tombstone:
    return Tombstone(id=reader.iri("id"), former_type=reader.text("formerType", 32))


def _person(reader: "_Reader") -> Person:
    return Person(
        id=reader.iri("id"),
        name=reader.text("name", MAX_NAME),
        title=reader.optional("jobTitle", lambda name: reader.text(name, MAX_NAME)),
        details=reader.optional("attachment", reader.details),
    )


def _group(reader: "_Reader") -> Group:
    return Group(
        id=reader.iri("id"),
        name=reader.text("name", MAX_NAME),
        summary=reader.optional("summary", lambda name: reader.text(name, 10_000)),
    )


def _ref(reader: "_Reader") -> Ref:
    return Ref(
        id=reader.iri("id"),
        type=reader.text("type", 32),
        object=reader.optional("object", reader.iri),
    )


def _partnership(reader: "_Reader") -> Partnership:
    state = reader.text("state", 16)
    if state not in _STATES:
        raise Malformed("no such state of a partnership")
    return Partnership(id=reader.iri("id"), state=state)


_STATES = ("active", "suspended", "terminated")
_OBJECTS: Mapping[str, Callable[["_Reader"], Object]] = {
    "Note": _note,
    "Tombstone": _tombstone,
    "Person": _person,
    "Group": _group,
    "Like": _ref,
    "Invite": _ref,
    "Delete": _ref,
    "Partnership": _partnership,
}

# Activity type -> object types it may embed; "" allows the object's id alone.
_ACTIVITIES: Mapping[str, tuple[str, ...]] = {
    "Create": ("Note",),
    "Update": ("Note", "Person", "Partnership"),
    "Delete": ("Tombstone",),
    "Like": ("",),
    "Undo": ("Like", "Invite", "Delete"),
    "Announce": ("",),
    "Invite": ("Group",),
    "Accept": ("Invite",),
    "Reject": ("Invite",),
    "Join": ("",),
    "Leave": ("",),
}


class _Reader:
    """Takes members out of one JSON object, each in exactly the shape it must have."""

    def __init__(self, document: JsonObject, loopback: bool) -> None:
        self.document = document
        self.loopback = loopback

    def optional(self, name: str, read: Callable[[str], T]) -> T | None:
        return None if self.document.get(name) is None else read(name)

    def text(self, name: str, limit: int) -> str:
        value = self.document.get(name)
        if not isinstance(value, str) or not value or len(value) > limit:
            raise Malformed(f"{name} is not a text of the right length")
        return value

    def iri(self, name: str) -> str:
        value = self.text(name, 512)
        try:
            Iri.parse(value, loopback=self.loopback)
        except BadIri as error:
            raise Malformed(f"{name} is not an id: {error}") from None
        return value

    def time(self, name: str) -> datetime:
        value = self.text(name, 32)
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise Malformed(f"{name} is not a time") from None
        if not value.endswith("Z") or not 2000 <= moment.year < 2200:
            raise Malformed(f"{name} is not a time in UTC")
        return moment.astimezone(UTC)

    def card(self, name: str) -> Person | None:
        value = self.document.get(name)
        if not isinstance(value, dict):
            return None
        reader = _Reader(value, self.loopback)
        if reader.text("type", 32) != "Person":
            raise Malformed(f"{name} is not a person")
        return _person(reader)

    def mentions(self) -> tuple[Mention, ...]:
        tags = self.document.get("tag", [])
        if not isinstance(tags, list) or len(tags) > MAX_MENTIONS:
            raise Malformed("tag is not a short list")
        readers = [_Reader(tag, self.loopback) for tag in tags if isinstance(tag, dict)]
        return tuple(
            Mention(href=reader.iri("href"), name=reader.text("name", MAX_NAME))
            for reader in readers
            if reader.document.get("type") == "Mention"
        )

    def details(self, name: str) -> tuple[Detail, ...]:
        found = self.document.get(name)
        if not isinstance(found, list) or len(found) > MAX_DETAILS:
            raise Malformed(f"{name} is not a short list")
        readers = [_Reader(one, self.loopback) for one in found if isinstance(one, dict)]
        return tuple(
            Detail(name=reader.text("name", MAX_NAME), value=reader.text("value", MAX_DETAIL))
            for reader in readers
            if reader.document.get("type") == "PropertyValue"
        )

    def recipients(self) -> None:
        """Addressing never widens anything here; only its size and shape are checked."""
        for name in ("to", "cc"):
            values = self.document.get(name, [])
            if not isinstance(values, list) or len(values) > MAX_RECIPIENTS:
                raise Malformed(f"{name} is not a short list")
            if not all(isinstance(value, str) for value in values):
                raise Malformed(f"{name} holds what is no id")


def _root_key(reader: _Reader, own_id: str) -> str:
    methods = reader.document.get("assertionMethod")
    if not isinstance(methods, list) or len(methods) != 1 or not isinstance(methods[0], dict):
        raise Malformed("one root key is expected")
    key = _Reader(methods[0], reader.loopback)
    if key.iri("controller") != own_id or key.iri("id") != f"{own_id}#root":
        raise Malformed("the root key belongs to another actor")
    if key.text("type", 32) != "Multikey":
        raise Malformed("the root key is no Multikey")
    return key.text("publicKeyMultibase", 128)


def _refuse_json_ld(document: JsonObject) -> None:
    """No context but ours, no keyword, no prefix: nothing that another parser reads otherwise."""
    if document.get("@context", CONTEXT) != CONTEXT:
        raise Malformed("another context")
    pending: list[Any] = [(document, True)]
    while pending:
        value, top = pending.pop()
        if isinstance(value, list):
            pending.extend((child, False) for child in value)
        elif isinstance(value, dict):
            for name, child in value.items():
                if (name.startswith("@") and not (top and name == "@context")) or ":" in name:
                    raise Malformed("a JSON-LD keyword or prefixed name")
                pending.append((child, False))
