"""Space and membership."""

from datetime import datetime

from tortoise import fields

from rse.identity.models import Organisation, Person
from rse.kernel import clock
from rse.kernel.models import Record

OPEN, REQUEST, INVITATION, SECRET = "open", "request", "invitation", "secret"
OWNER, MODERATOR, MEMBER = "owner", "moderator", "member"
JOINED, REQUESTED, INVITED = "joined", "requested", "invited"
# A member of a mirror whose host stopped sharing, or whose partnership is suspended.
CLOSED = "closed"


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

    class Meta:
        table = "membership"
        unique_together = (("space", "person"),)
        indexes = (("space_id", "status", "id"),)
