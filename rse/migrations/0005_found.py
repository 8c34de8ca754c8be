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
    dependencies = [("rse", "0004_graves")]

    initial = False

    operations = [
        ops.CreateModel(
            name="FileText",
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
                ("media_type", fields.CharField(max_length=100)),
                ("text", fields.TextField(default="", unique=False)),
                ("reason", fields.CharField(default="", max_length=16)),
                ("attempts", fields.SmallIntField(default=0)),
                (
                    "due_at",
                    fields.DatetimeField(
                        null=True, default=now, db_index=True, auto_now=False, auto_now_add=False
                    ),
                ),
            ],
            options={
                "table": "file_text",
                "app": "rse",
                "pk_attr": "id",
                "table_description": "The words of stored bytes, or why there are none. The same bytes are read once.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="FreshDocument",
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
            ],
            options={
                "table": "search_fresh",
                "app": "rse",
                "pk_attr": "id",
                "table_description": "Something that can be found since a moment ago, by its own id: saved searches look at it.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="InvitationBatch",
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
                    "made_by",
                    fields.ForeignKeyField(
                        "rse.Person",
                        source_field="made_by_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="invitation_batches",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("days", fields.SmallIntField(default=14)),
                ("lines", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("state", fields.CharField(default="preview", max_length=8)),
            ],
            options={
                "table": "invitation_batch",
                "app": "rse",
                "pk_attr": "id",
                "table_description": "Invitations from a list: looked at first, then made in the background.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="JoinRequest",
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
                ("invitation_id", fields.BigIntField()),
                ("inviter", fields.CharField(max_length=120)),
                ("email", fields.CharField(unique=True, max_length=254)),
                ("name", fields.CharField(max_length=120)),
                ("message", fields.CharField(default="", max_length=500)),
                ("password_hash", fields.CharField(max_length=200)),
                ("language", fields.CharField(max_length=8)),
                ("mail", fields.CharField(max_length=8)),
                ("role", fields.CharField(default="member", max_length=16)),
                ("terms_version", fields.IntField(default=0)),
            ],
            options={
                "table": "join_request",
                "app": "rse",
                "pk_attr": "id",
                "table_description": "All that makes an account, once an administrator says yes. Removed with the answer.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="SavedSearch",
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
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="saved_searches",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("name", fields.CharField(max_length=120)),
                ("address", fields.CharField(max_length=3000)),
                ("alert", fields.BooleanField(default=True)),
            ],
            options={
                "table": "saved_search",
                "app": "rse",
                "indexes": [Index(fields=["alert", "id"])],
                "pk_attr": "id",
                "table_description": "What was asked for, as its address says it.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="StepsSkipped",
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
                    fields.OneToOneField(
                        "rse.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="steps_skipped",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
            ],
            options={
                "table": "steps_skipped",
                "app": "rse",
                "pk_attr": "id",
                "table_description": "Somebody pressed « skip ».",
            },
            bases=["Record"],
        ),
        ops.AddField(
            model_name="Account",
            name="terms_due",
            field=fields.BooleanField(default=False),
        ),
        ops.AddField(
            model_name="Account",
            name="terms_version",
            field=fields.IntField(default=0),
        ),
        ops.AddField(
            model_name="Invitation",
            name="by_link",
            field=fields.BooleanField(default=False),
        ),
        ops.AddField(
            model_name="Invitation",
            name="name",
            field=fields.CharField(default="", max_length=120),
        ),
        # The words that narrow a match are new: the index is filled again within a minute of start.
        ops.RunSQL("DELETE FROM search_document", ""),
        ops.RunSQL("DELETE FROM lease WHERE name = 'search.fill'", ""),
    ]
