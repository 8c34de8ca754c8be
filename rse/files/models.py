"""A stored file and what is known of it."""

from datetime import datetime

from tortoise import fields

from rse.identity.models import Person
from rse.kernel import clock
from rse.kernel.models import Record


class StoredFile(Record):
    """One upload. Its bytes are a blob, an image has a second, smaller one for pages."""

    uploader: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="files", db_index=True, on_delete=fields.CASCADE
    )
    uploader_id: int
    name = fields.CharField(max_length=200)
    media_type = fields.CharField(max_length=100)
    size = fields.BigIntField()
    digest = fields.CharField(max_length=64, db_index=True)
    preview_digest = fields.CharField(max_length=64, null=True, db_index=True)
    width = fields.IntField(default=0)
    height = fields.IntField(default=0)
    # The post it belongs to: whoever may read that may read this. Null until it is published.
    post_id: int | None = fields.BigIntField(null=True, db_index=True)
    comment_id: int | None = fields.BigIntField(null=True, db_index=True)
    position = fields.SmallIntField(default=0)

    class Meta:
        table = "stored_file"

    @property
    def is_image(self) -> bool:
        return self.preview_digest is not None


class Upload(Record):
    """A file under way, piece by piece. Whole, it becomes the stored file of the same id."""

    uploader: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="uploads", db_index=True, on_delete=fields.CASCADE
    )
    uploader_id: int
    name = fields.CharField(max_length=200)
    size = fields.BigIntField()
    expires_at: datetime = fields.DatetimeField(db_index=True)

    class Meta:
        table = "upload"


class FileText(Record):
    """The words of stored bytes, or why there are none. The same bytes are read once."""

    digest = fields.CharField(max_length=64, unique=True)
    media_type = fields.CharField(max_length=100)
    text = fields.TextField(default="")
    # One of `texts.unread`; empty while it waits, and when its words are there.
    reason = fields.CharField(max_length=16, default="")
    attempts = fields.SmallIntField(default=0)
    # When it is to be read; null once that is settled.
    due_at: datetime | None = fields.DatetimeField(null=True, default=clock.now, db_index=True)

    class Meta:
        table = "file_text"
