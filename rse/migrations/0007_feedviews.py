from tortoise import migrations
from tortoise.migrations import operations as ops
from rse.kernel.clock import now
from rse.kernel.ids import new_id
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

FILL = """
UPDATE stream_item SET
  activity_id = (SELECT CASE WHEN p.last_comment_id > p.id THEN p.last_comment_id ELSE p.id END
                 FROM post p WHERE p.id = stream_item.post_id),
  author_id = (SELECT p.author_id FROM post p WHERE p.id = stream_item.post_id),
  kind = (SELECT p.kind FROM post p WHERE p.id = stream_item.post_id)
"""


class Migration(migrations.Migration):
    dependencies = [("rse", "0006_people")]

    initial = False

    operations = [
        ops.CreateModel(
            name="GroupMention",
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
                ("target_id", fields.BigIntField()),
                (
                    "post",
                    fields.ForeignKeyField(
                        "rse.Post",
                        source_field="post_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="group_mentions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("kind", fields.CharField(max_length=8)),
                ("group_id", fields.BigIntField()),
            ],
            options={
                "table": "group_mention",
                "app": "rse",
                "unique_together": (("target_id", "group_id"),),
                "pk_attr": "id",
                "table_description": "A space, or a partner company, named in a post or comment: those in it are named with it.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="Mute",
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
                        related_name="mutes",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("kind", fields.CharField(max_length=8)),
                ("target_id", fields.BigIntField(db_index=True)),
                ("since", fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "mute",
                "app": "rse",
                "unique_together": (("person", "target_id"),),
                "pk_attr": "id",
                "table_description": "A person, a thread or a space that somebody does not want to see and hear of.",
            },
            bases=["Record"],
        ),
        ops.AddField(
            model_name="Comment",
            name="federated_id",
            field=fields.BigIntField(null=True),
        ),
        ops.AddIndex(
            model_name="Comment",
            index=Index(fields=["post_id", "parent_id", "id"]),
        ),
        ops.AddIndex(
            model_name="Comment",
            index=Index(fields=["parent_id", "id"]),
        ),
        ops.AddIndex(
            model_name="Comment",
            index=Index(fields=["deleted_at"]),
        ),
        ops.AddIndex(
            model_name="Comment",
            index=Index(fields=["federated_id"]),
        ),
        ops.AddField(
            model_name="HomeVisit",
            name="sort",
            field=fields.CharField(default="newest", max_length=8),
        ),
        ops.AddField(
            model_name="HomeVisit",
            name="view",
            field=fields.CharField(default="all", max_length=32),
        ),
        ops.AddField(
            model_name="Post",
            name="federated_id",
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name="Post",
            name="is_locked",
            field=fields.BooleanField(default=False),
        ),
        ops.AddField(
            model_name="Post",
            name="shared_id",
            field=fields.BigIntField(null=True),
        ),
        ops.AddIndex(
            model_name="Post",
            index=Index(fields=["federated_id"]),
        ),
        ops.AddField(
            model_name="StreamItem",
            name="activity_id",
            field=fields.BigIntField(default=0),
        ),
        ops.AddField(
            model_name="StreamItem",
            name="author_id",
            field=fields.BigIntField(default=0),
        ),
        ops.AddField(
            model_name="StreamItem",
            name="kind",
            field=fields.CharField(default="post", max_length=24),
        ),
        ops.RunSQL(FILL, "SELECT 1"),
        ops.AddIndex(
            model_name="StreamItem",
            index=Index(fields=["stream_id", "activity_id", "post_id"]),
        ),
        ops.AddIndex(
            model_name="StreamItem",
            index=Index(fields=["stream_id", "kind", "post_id"]),
        ),
        ops.AddIndex(
            model_name="StreamItem",
            index=Index(fields=["author_id", "post_id"]),
        ),
        ops.AddIndex(
            model_name="StreamItem",
            index=Index(fields=["author_id", "activity_id", "post_id"]),
        ),
    ]
