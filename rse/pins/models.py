"""A pin on a post."""

from datetime import datetime

from tortoise import fields

from rse.feed.models import Post
from rse.identity.models import Person
from rse.kernel.models import Record


class Pin(Record):
    """Hangs on a post, one to one. The newest pin stands first."""

    post: fields.OneToOneRelation[Post] = fields.OneToOneField(
        "rse.Post", related_name="pin", on_delete=fields.CASCADE
    )
    post_id: int
    pinned_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="pins", null=True, db_index=True, on_delete=fields.SET_NULL
    )
    pinned_by_id: int | None
    ends_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "pin"
