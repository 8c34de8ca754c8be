"""A post that waits for its moment."""

from datetime import datetime

from tortoise import fields

from rse.identity.models import Person
from rse.kernel.models import Record
from rse.spaces.models import Space


class ScheduledPost(Record):
    """The words of a post to come. It is removed in the moment it becomes one."""

    author: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="scheduled", on_delete=fields.CASCADE
    )
    author_id: int
    space: fields.ForeignKeyRelation[Space] = fields.ForeignKeyField(
        "rse.Space", related_name="scheduled", db_index=True, on_delete=fields.CASCADE
    )
    space_id: int
    title = fields.CharField(max_length=200, default="")
    source = fields.TextField()
    files: list[str] = fields.JSONField(default=list)
    send_at: datetime = fields.DatetimeField(db_index=True)
    # Why it could not be published, in the author's words. It then waits for them.
    refusal = fields.CharField(max_length=300, default="")
    sent_key = fields.CharField(max_length=80, null=True)

    class Meta:
        table = "scheduled_post"
        unique_together = (("author", "sent_key"),)
