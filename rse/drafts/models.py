"""A text that was begun and not sent."""

from datetime import datetime

from tortoise import fields

from rse.identity.models import Person
from rse.kernel import clock
from rse.kernel.models import Record


class SavedDraft(Record):
    """What stands in a form. It bears the form's own key, as the post or comment will."""

    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="drafts", on_delete=fields.CASCADE
    )
    person_id: int
    key = fields.CharField(max_length=80)
    # The form it was typed in: "post", "space-…", "c-…" below a post, "re-…" below a comment.
    place = fields.CharField(max_length=40)
    space_id: int | None = fields.BigIntField(null=True)
    title = fields.CharField(max_length=200, default="")
    source = fields.TextField()
    files: list[str] = fields.JSONField(default=list)
    # Grows with each save: two devices that write over each other notice.
    version = fields.IntField(default=1)
    saved_at: datetime = fields.DatetimeField(default=clock.now)

    class Meta:
        table = "saved_draft"
        unique_together = (("person", "key"),)
        indexes = (("person_id", "saved_at"),)
