"""The documents partners exchange."""

from dataclasses import dataclass
from datetime import UTC, datetime

from .jsonsafe import Json, JsonObject

NAMESPACE = "urn:partner-federation:v1"
CONTEXT: list[Json] = ["https://www.w3.org/ns/activitystreams", NAMESPACE]
MEDIA_TYPE = "application/activity+json"


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
class Detail:
    """One more line of a card, named in the words of the company it comes from."""

    name: str
    value: str

    def to_json(self) -> JsonObject:
        return {"type": "PropertyValue", "name": self.name, "value": self.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A profile at the level of a business card. Details that are None say nothing of details."""

    id: str
    name: str
    title: str | None = None
    details: tuple[Detail, ...] | None = None

    type = "Person"

    def to_json(self) -> JsonObject:
        told: list[Json] | None = None
        if self.details is not None:
            told = [detail.to_json() for detail in self.details]
        return _present(
            id=self.id, type=self.type, name=self.name, jobTitle=self.title, attachment=told
        )


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Partnership:
    """What the sender says of its side of a partnership."""

    id: str
    state: str

    type = "Partnership"

    def to_json(self) -> JsonObject:
        return {"id": self.id, "type": self.type, "state": self.state}


Object = Note | Tombstone | Person | Group | Ref | Partnership | str


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

    @property
    def about_id(self) -> str:
        """What it is about in the end: an undone deletion is about what was deleted."""
        if isinstance(self.object, Ref) and self.object.type == "Delete":
            return self.object.object or ""
        return self.object_id

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


def _present(**members: Json) -> JsonObject:
    return {name: value for name, value in members.items() if value is not None}
