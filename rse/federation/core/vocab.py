"""The documents partners exchange: dataclasses, and a strict reading by lists of allowed members."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from .ids import BadIri, Iri
from .jsonsafe import Json, JsonObject, Malformed

T = TypeVar("T")

NAMESPACE = "urn:partner-federation:v1"
CONTEXT: list[Json] = ["https://www.w3.org/ns/activitystreams", NAMESPACE]
MEDIA_TYPE = "application/activity+json"

MAX_CONTENT = 200_000
MAX_NAME = 300
MAX_MENTIONS = 100
MAX_RECIPIENTS = 20


class Unsupported(Malformed):
    """Well formed, but nothing we know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    href: str
    name: str

    def to_json(self) -> JsonObject:
        return {"type": "Mention", "href": self.href, "name": self.name}


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A post, or a comment when it answers something."""

    id: str
    attributed_to: str
    audience: str
    content: str
    published: datetime
    updated: datetime | None = None
    name: str | None = None
    in_reply_to: str | None = None
    mentions: tuple[Mention, ...] = ()

    type = "Note"

    def to_json(self) -> JsonObject:
        return _present(
            id=self.id,
            type=self.type,
            attributedTo=self.attributed_to,
            audience=self.audience,
            to=[self.audience],
            content=self.content,
            name=self.name,
            published=write_time(self.published),
            updated=write_time(self.updated) if self.updated else None,
            inReplyTo=self.in_reply_to,
            tag=[mention.to_json() for mention in self.mentions] or None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    id: str
    former_type: str = "Note"

    type = "Tombstone"

    def to_json(self) -> JsonObject:
        return {"id": self.id, "type": self.type, "formerType": self.former_type}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A profile at the level of a business card."""

    id: str
    name: str
    title: str | None = None

    type = "Person"

    def to_json(self) -> JsonObject:
        return _present(id=self.id, type=self.type, name=self.name, jobTitle=self.title)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A shared space."""

    id: str
    name: str
    summary: str | None = None

    type = "Group"

    def to_json(self) -> JsonObject:
        return _present(id=self.id, type=self.type, name=self.name, summary=self.summary)


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """An instance: the only document served to strangers."""

    id: str
    name: str
    inbox: str
    stream: str
    public_key: str

    type = "Application"

    def to_json(self) -> JsonObject:
        key: JsonObject = {
            "id": f"{self.id}#root",
            "type": "Multikey",
            "controller": self.id,
            "publicKeyMultibase": self.public_key,
        }
        return {
            "@context": CONTEXT,
            "id": self.id,
            "type": self.type,
            "name": self.name,
            "inbox": self.inbox,
            "stream": self.stream,
            "assertionMethod": [key],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Ref:
    """An earlier activity, named by one that undoes or answers it."""

    id: str
    type: str
    object: str | None = None

    def to_json(self) -> JsonObject:
        return _present(id=self.id, type=self.type, object=self.object)


Object = Note | Tombstone | Person | Group | Ref | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Who did what to which object, for which space."""

    id: str
    type: str
    actor: str
    object: Object
    published: datetime
    audience: str | None = None
    target: str | None = None
    content: str | None = None
    share_policy: str | None = None
    history_from: datetime | None = None
    card: Person | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What a feature's inbox table is keyed by, such as `("Create", "Note")`."""
        return self.type, self.object_type

    @property
    def object_type(self) -> str:
        if isinstance(self.object, str):
            return _IRI_MEANS.get(self.type, "Object")
        return self.object.former_type if isinstance(self.object, Tombstone) else self.object.type

    @property
    def object_id(self) -> str:
        return self.object if isinstance(self.object, str) else self.object.id

    def to_json(self) -> JsonObject:
        return _present(
            id=self.id,
            type=self.type,
            actor=self.card.to_json() if self.card else self.actor,
            object=self.object if isinstance(self.object, str) else self.object.to_json(),
            published=write_time(self.published),
            audience=self.audience,
            to=[self.audience] if self.audience else None,
            target=self.target,
            content=self.content,
            sharePolicy=self.share_policy,
            historyFrom=write_time(self.history_from) if self.history_from else None,
        )


# An object given by its id alone has no type; each activity takes only one kind by id.
_IRI_MEANS = {"Like": "Note", "Join": "Group", "Leave": "Group", "Announce": "Note"}


def write_time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


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


_OBJECTS: Mapping[str, Callable[["_Reader"], Object]] = {
    "Note": _note,
    "Tombstone": _tombstone,
    "Person": _person,
    "Group": _group,
    "Like": _ref,
    "Invite": _ref,
}

# Activity type -> object types it may embed; "" allows the object's id alone.
_ACTIVITIES: Mapping[str, tuple[str, ...]] = {
    "Create": ("Note",),
    "Update": ("Note", "Person"),
    "Delete": ("Tombstone",),
    "Like": ("",),
    "Undo": ("Like", "Invite"),
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
    """No context but ours, no keyword, no prefixed name: nothing another parser reads differently."""
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


def _present(**members: Json) -> JsonObject:
    return {name: value for name, value in members.items() if value is not None}
