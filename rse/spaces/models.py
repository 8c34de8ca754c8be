"""Space and membership."""

from datetime import datetime

from tortoise import fields
from tortoise.fields.db_defaults import SqlDefault

from rse.identity.models import Organisation, Person
from rse.kernel import clock
from rse.kernel.models import Record

OPEN, REQUEST, INVITATION, SECRET = "open", "request", "invitation", "secret"
OWNER, MODERATOR, MEMBER = "owner", "moderator", "member"
# Who only reads along, and who belongs to another company.
READER, EXTERNAL = "reader", "external"
# Who may post: every member; owners and moderators alone; every member, once a moderator agrees.
MEMBERS_POST, MODERATORS_POST, APPROVAL = "members", "moderators", "approval"
JOINED, REQUESTED, INVITED = "joined", "requested", "invited"
# Somebody of a partner whom a moderator took out: only a moderator lets them back.
BARRED = "barred"
# A partner's person who was let to read only, and left: they come back as that.
AWAY = "away"
# A member of a mirror whose host stopped sharing, or whose partnership is suspended.
CLOSED = "closed"
# An empty list, as both engines write it: columns that came later stand in rows of before.
NOTHING = SqlDefault("'[]'")


class Space(Record):
    """A place with members. Hosted by us, or the mirror of one that a partner hosts."""

    name = fields.CharField(max_length=80)
    search_name = fields.CharField(max_length=160)
    description = fields.TextField(default="")
    access = fields.CharField(max_length=16, default=OPEN)
    # Everybody of ours is a member of the one company space, for as long as they are with us.
    is_company = fields.BooleanField(default=False)
    category = fields.SmallIntField(default=1)
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "rse.Organisation", related_name="spaces", db_index=True, on_delete=fields.RESTRICT
    )
    organisation_id: int
    uri = fields.CharField(max_length=500, null=True, unique=True)
    # A mirror nothing flows into: it exists for nobody until its host shares it again.
    is_closed = fields.BooleanField(default=False)
    member_count = fields.IntField(default=0)
    last_post_id = fields.BigIntField(default=0)
    archived_at: datetime | None = fields.DatetimeField(null=True)
    # Archived because the space above was: it is opened again with that one.
    archived_with_parent = fields.BooleanField(default=False, db_default=False)
    # One level: a space that is part of another has no parts of its own.
    parent: fields.ForeignKeyNullableRelation["Space"] = fields.ForeignKeyField(
        "rse.Space", related_name="parts", null=True, db_index=True, on_delete=fields.SET_NULL
    )
    parent_id: int | None
    rules_text = fields.TextField(default="", db_default="")
    posting = fields.CharField(max_length=16, default=MEMBERS_POST, db_default=MEMBERS_POST)
    members_comment = fields.BooleanField(default=True, db_default=True)
    # The role of those of ours who come in by themselves.
    entry_role = fields.CharField(max_length=16, default=MEMBER, db_default=MEMBER)
    # Names of offers its owners switched off: what is new in the product is on.
    switched_off: list[str] = fields.JSONField(default=list, db_default=NOTHING)
    questions: list[str] = fields.JSONField(default=list, db_default=NOTHING)
    cover_digest = fields.CharField(max_length=64, null=True)

    class Meta:
        table = "space"
        indexes = (("is_company",), ("search_name",))


class Membership(Record):
    """A person in a space, on the way in, or invited."""

    space: fields.ForeignKeyRelation[Space] = fields.ForeignKeyField(
        "rse.Space", related_name="memberships", on_delete=fields.CASCADE
    )
    space_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="memberships", db_index=True, on_delete=fields.CASCADE
    )
    person_id: int
    role = fields.CharField(max_length=16, default=MEMBER)
    status = fields.CharField(max_length=16, default=JOINED)
    message = fields.CharField(max_length=500, default="")
    since: datetime = fields.DatetimeField(default=clock.now)
    # The newest post the person has seen here.
    seen_id = fields.BigIntField(default=0)
    # Question and answer, as they were asked at the door.
    answers: list[list[str]] = fields.JSONField(default=list, db_default=NOTHING)
    # The directory that keeps this membership ("ldap:corp"), and the group; empty: made by hand.
    source = fields.CharField(max_length=64, default="", db_default="")
    source_group = fields.CharField(max_length=200, default="", db_default="")

    class Meta:
        table = "membership"
        unique_together = (("space", "person"),)
        indexes = (("space_id", "status", "id"),)


class SpaceTemplate(Record):
    """A kind of space that was set up well once, for making more like it."""

    name = fields.CharField(max_length=80)
    summary = fields.CharField(max_length=300, default="")
    creator: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="space_templates", null=True, db_index=True,
        on_delete=fields.SET_NULL,
    )  # fmt: skip
    creator_id: int | None
    # The settings a new space begins with, and its welcome post.
    settings: dict[str, object] = fields.JSONField(default=dict)

    class Meta:
        table = "space_template"
