"""What is known of the pages people link to."""

from datetime import datetime

from tortoise import fields

from rse.feed.models import Post
from rse.kernel.models import Record


class LinkPreview(Record):
    """One page: kept once, however many posts link to it. Without a title there is no preview."""

    # SHA-256 of the address: addresses are longer than an index likes.
    digest = fields.CharField(max_length=64, unique=True)
    url = fields.TextField()
    title = fields.CharField(max_length=200, default="")
    description = fields.CharField(max_length=300, default="")
    site = fields.CharField(max_length=100, default="")
    picture_digest = fields.CharField(max_length=64, null=True, db_index=True)
    width = fields.IntField(default=0)
    height = fields.IntField(default=0)
    # After this moment another post has it fetched anew.
    expires_at: datetime = fields.DatetimeField(db_index=True)

    class Meta:
        table = "link_preview"


class PostLink(Record):
    """The first link of a post, and whether its author wants its preview."""

    post: fields.OneToOneRelation[Post] = fields.OneToOneField(
        "rse.Post", related_name="link", on_delete=fields.CASCADE
    )
    post_id: int
    preview: fields.ForeignKeyRelation[LinkPreview] = fields.ForeignKeyField(
        "rse.LinkPreview", related_name="posts", db_index=True, on_delete=fields.CASCADE
    )
    preview_id: int
    is_hidden = fields.BooleanField(default=False)

    class Meta:
        table = "post_link"
