from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from rse.kernel.ids import new_id
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.fields.db_defaults import SqlDefault
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("rse", "0002_search")]

    initial = False

    operations = [
        ops.CreateModel(
            name="DirectoryPlace",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=False,
                        primary_key=True,
                        default=new_id,
                        unique=True,
                        db_index=True,
                    ),
                ),
                ("directory", fields.CharField(max_length=40)),
                ("external_id", fields.CharField(max_length=200)),
                ("space", fields.CharField(max_length=80)),
                ("group", fields.CharField(max_length=200)),
            ],
            options={
                "table": "directory_place",
                "app": "rse",
                "unique_together": (("directory", "external_id", "space"),),
                "pk_attr": "id",
                "table_description": "Somebody whom a group brought into a space, as the rule names that space.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="SpaceTemplate",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=False,
                        primary_key=True,
                        default=new_id,
                        unique=True,
                        db_index=True,
                    ),
                ),
                ("name", fields.CharField(max_length=80)),
                ("summary", fields.CharField(default="", max_length=300)),
                (
                    "creator",
                    fields.ForeignKeyField(
                        "rse.Person",
                        source_field="creator_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="space_templates",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("settings", fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={
                "table": "space_template",
                "app": "rse",
                "pk_attr": "id",
                "table_description": "A kind of space that was set up well once, for making more like it.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="WaitingPost",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=False,
                        primary_key=True,
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
                        related_name="waiting",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "space",
                    fields.ForeignKeyField(
                        "rse.Space",
                        source_field="space_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="waiting_posts",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "author",
                    fields.ForeignKeyField(
                        "rse.Person",
                        source_field="author_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="waiting_posts",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("refusal", fields.CharField(default="", max_length=500)),
                ("decided_by_id", fields.BigIntField(null=True)),
            ],
            options={
                "table": "waiting_post",
                "app": "rse",
                "pk_attr": "id",
                "table_description": "A post in front of the moderators of its space, until they publish it.",
            },
            bases=["Record"],
        ),
        ops.AddField(
            model_name="Membership",
            name="answers",
            field=fields.JSONField(
                default=list, db_default=SqlDefault("'[]'"), encoder=JSON_DUMPS, decoder=loads
            ),
        ),
        ops.AddField(
            model_name="Membership",
            name="source",
            field=fields.CharField(default="", db_default="", max_length=64),
        ),
        ops.AddField(
            model_name="Membership",
            name="source_group",
            field=fields.CharField(default="", db_default="", max_length=200),
        ),
        ops.AddField(
            model_name="Post",
            name="is_waiting",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name="Space",
            name="archived_with_parent",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name="Space",
            name="cover_digest",
            field=fields.CharField(null=True, max_length=64),
        ),
        ops.AddField(
            model_name="Space",
            name="entry_role",
            field=fields.CharField(default="member", db_default="member", max_length=16),
        ),
        ops.AddField(
            model_name="Space",
            name="members_comment",
            field=fields.BooleanField(default=True, db_default=True),
        ),
        ops.AddField(
            model_name="Space",
            name="parent",
            field=fields.ForeignKeyField(
                "rse.Space",
                source_field="parent_id",
                null=True,
                db_index=True,
                db_constraint=True,
                to_field="id",
                related_name="parts",
                on_delete=OnDelete.SET_NULL,
            ),
        ),
        ops.AddField(
            model_name="Space",
            name="posting",
            field=fields.CharField(default="members", db_default="members", max_length=16),
        ),
        ops.AddField(
            model_name="Space",
            name="questions",
            field=fields.JSONField(
                default=list, db_default=SqlDefault("'[]'"), encoder=JSON_DUMPS, decoder=loads
            ),
        ),
        ops.AddField(
            model_name="Space",
            name="rules_text",
            field=fields.TextField(default="", db_default="", unique=False),
        ),
        ops.AddField(
            model_name="Space",
            name="switched_off",
            field=fields.JSONField(
                default=list, db_default=SqlDefault("'[]'"), encoder=JSON_DUMPS, decoder=loads
            ),
        ),
        # Partners' people have a role of their own from here on.
        ops.RunSQL(
            "UPDATE membership SET role = 'external' WHERE role <> 'external'"
            " AND person_id IN (SELECT id FROM person WHERE uri IS NOT NULL)",
            "UPDATE membership SET role = 'member' WHERE role IN ('external', 'reader')",
        ),
    ]
