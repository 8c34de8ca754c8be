from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from rse.kernel.clock import now
from rse.kernel.ids import new_id
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("rse", "0007_feedviews")]

    initial = False

    operations = [
        ops.CreateModel(
            name="LinkPreview",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        primary_key=True,
                        generated=False,
                        default=new_id,
                        unique=True,
                        db_index=True,
                    ),
                ),
                ("digest", fields.CharField(unique=True, max_length=64)),
                ("url", fields.TextField(unique=False)),
                ("title", fields.CharField(default="", max_length=200)),
                ("description", fields.CharField(default="", max_length=300)),
                ("site", fields.CharField(default="", max_length=100)),
                ("picture_digest", fields.CharField(null=True, db_index=True, max_length=64)),
                ("width", fields.IntField(default=0)),
                ("height", fields.IntField(default=0)),
                (
                    "expires_at",
                    fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False),
                ),
            ],
            options={
                "table": "link_preview",
                "app": "rse",
                "pk_attr": "id",
                "table_description": "One page: kept once, however many posts link to it. Without a title there is no preview.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="PostLink",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        primary_key=True,
                        generated=False,
                        default=new_id,
                        unique=True,
                        db_index=True,
                    ),
                ),
                (
                    "post",
                    fields.OneToOneField(
                        "rse.Post",
                        source_field="post_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="link",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "preview",
                    fields.ForeignKeyField(
                        "rse.LinkPreview",
                        source_field="preview_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="posts",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("is_hidden", fields.BooleanField(default=False)),
            ],
            options={
                "table": "post_link",
                "app": "rse",
                "pk_attr": "id",
                "table_description": "The first link of a post, and whether its author wants its preview.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="SavedDraft",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        primary_key=True,
                        generated=False,
                        default=new_id,
                        unique=True,
                        db_index=True,
                    ),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "rse.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="drafts",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("key", fields.CharField(max_length=80)),
                ("place", fields.CharField(max_length=40)),
                ("space_id", fields.BigIntField(null=True)),
                ("title", fields.CharField(default="", max_length=200)),
                ("source", fields.TextField(unique=False)),
                ("files", fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ("version", fields.IntField(default=1)),
                ("saved_at", fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "saved_draft",
                "app": "rse",
                "unique_together": (("person", "key"),),
                "indexes": [Index(fields=["person_id", "saved_at"])],
                "pk_attr": "id",
                "table_description": "What stands in a form. It bears the form's own key, as the post or comment will.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        primary_key=True,
                        generated=False,
                        default=new_id,
                        unique=True,
                        db_index=True,
                    ),
                ),
                (
                    "uploader",
                    fields.ForeignKeyField(
                        "rse.Person",
                        source_field="uploader_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="uploads",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("name", fields.CharField(max_length=200)),
                ("size", fields.BigIntField()),
                (
                    "expires_at",
                    fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False),
                ),
            ],
            options={
                "table": "upload",
                "app": "rse",
                "pk_attr": "id",
                "table_description": "A file under way, piece by piece. Whole, it becomes the stored file of the same id.",
            },
            bases=["Record"],
        ),
    ]
