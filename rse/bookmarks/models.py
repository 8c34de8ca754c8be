"""Bookmark and folder. Nobody but their owner ever sees them."""

from tortoise import fields

from rse.feed.models import Post
from rse.identity.models import Person
from rse.kernel.models import Record


class Folder(Record):
    """A name somebody gave to some of their bookmarks."""

    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="bookmark_folders", on_delete=fields.CASCADE
    )
    person_id: int
    name = fields.CharField(max_length=60)

    class Meta:
        table = "bookmark_folder"
        unique_together = (("person", "name"),)


class Bookmark(Record):
    """A post somebody keeps."""

    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="bookmarks", on_delete=fields.CASCADE
    )
    person_id: int
    post: fields.ForeignKeyRelation[Post] = fields.ForeignKeyField(
        "rse.Post", related_name="bookmarks", db_index=True, on_delete=fields.CASCADE
    )
    post_id: int
    folder: fields.ForeignKeyNullableRelation[Folder] = fields.ForeignKeyField(
        "rse.Folder", related_name="bookmarks", null=True, db_index=True, on_delete=fields.SET_NULL
    )
    folder_id: int | None

    class Meta:
        table = "bookmark"
        unique_together = (("person", "post"),)
        indexes = (("person_id", "id"),)
