from tortoise import migrations
from tortoise.migrations import operations as ops
from rse.kernel.ids import new_id
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("rse", "0008_composer")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Exclusion",
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
                    "announcement",
                    fields.ForeignKeyField(
                        "rse.Announcement",
                        source_field="announcement_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="exclusions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "rse.Person",
                        source_field="person_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="exclusions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "space",
                    fields.ForeignKeyField(
                        "rse.Space",
                        source_field="space_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="exclusions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
            ],
            options={
                "table": "announcement_exclusion",
                "app": "rse",
                "indexes": [
                    Index(fields=["announcement_id", "person_id"]),
                    Index(fields=["announcement_id", "space_id"]),
                ],
                "pk_attr": "id",
                "table_description": "Somebody who is not asked: one person, or everybody who is in a space.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="NoticeDigest",
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
                        related_name="notice_digest",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("due_at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "notice_digest",
                "app": "rse",
                "pk_attr": "id",
                "table_description": "A digest that is to be made: there is one row as long as something waits for it.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="NoticeLevel",
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
                        related_name="notice_levels",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("object_id", fields.BigIntField()),
                ("level", fields.CharField(max_length=8)),
            ],
            options={
                "table": "notice_level",
                "app": "rse",
                "unique_together": (("person", "object_id"),),
                "indexes": [Index(fields=["object_id", "level"])],
                "pk_attr": "id",
                "table_description": "How much of one thread or space a person wants to hear: all, mentions or nothing.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="NoticeTimes",
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
                        related_name="notice_times",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("digest", fields.CharField(default="", max_length=8)),
                ("digest_hour", fields.SmallIntField(null=True)),
                ("digest_weekday", fields.SmallIntField(null=True)),
                ("has_own_hours", fields.BooleanField(default=False)),
                ("quiet_from", fields.SmallIntField(null=True)),
                ("quiet_to", fields.SmallIntField(null=True)),
                ("days_off", fields.CharField(default="", max_length=7)),
                ("away_from", fields.DateField(null=True)),
                ("away_to", fields.DateField(null=True)),
                (
                    "paused_until",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                (
                    "mail_off_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
            ],
            options={
                "table": "notice_times",
                "app": "rse",
                "pk_attr": "id",
                "table_description": "When a person may be told, where they differ from the company. Minutes of their own day.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="NoticeTrace",
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
                        related_name="notice_traces",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("event_key", fields.CharField(max_length=200)),
                ("kind", fields.CharField(max_length=64)),
                ("object_id", fields.BigIntField()),
                ("channel", fields.CharField(default="", max_length=8)),
                ("step", fields.CharField(max_length=16)),
                ("reason", fields.CharField(default="", max_length=160)),
            ],
            options={
                "table": "notice_trace",
                "app": "rse",
                "indexes": [Index(fields=["person_id", "id"]), Index(fields=["object_id", "id"])],
                "pk_attr": "id",
                "table_description": "One step of one notice on its way, in codes alone: an administrator can follow it.",
            },
            bases=["Record"],
        ),
        ops.AddField(
            model_name="Announcement",
            name="is_urgent",
            field=fields.BooleanField(default=False),
        ),
        ops.AddField(
            model_name="Announcement",
            name="remind_days",
            field=fields.SmallIntField(default=1),
        ),
        ops.AlterModelOptions(
            name="NoticeMute",
            options={
                "table": "notice_mute",
                "app": "rse",
                "unique_together": (("person", "object_id", "channel"),),
                "pk_attr": "id",
                "table_description": "A thread a person wants no mail of: what the link in a mail does.",
            },
        ),
        ops.RemoveIndex(
            model_name="Notification",
            name=None,
            fields=["person_id", "thread_id", "id"],
        ),
        ops.RemoveIndex(
            model_name="Notification",
            name=None,
            fields=["person_id", "id"],
        ),
        ops.AddField(
            model_name="Notification",
            name="digest_id",
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name="Notification",
            name="held_until",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Notification",
            name="is_urgent",
            field=fields.BooleanField(default=False),
        ),
        ops.AddField(
            model_name="Notification",
            name="place",
            field=fields.BigIntField(default=0),
        ),
        ops.AddField(
            model_name="Notification",
            name="snoozed_until",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddIndex(
            model_name="Notification",
            index=Index(fields=["person_id", "thread_id", "place"]),
        ),
        ops.AddIndex(
            model_name="Notification",
            index=Index(fields=["person_id", "place"]),
        ),
        # What lies still stands where its id says. What people had silenced stays silent.
        ops.RunSQL('UPDATE "notification" SET "place" = "id"', ""),
        ops.RunSQL(
            'INSERT INTO "notice_level" ("id", "person_id", "object_id", "level") '
            """SELECT "id", "person_id", "object_id", 'nothing' FROM "notice_mute" """
            """WHERE "channel" = ''""",
            "",
        ),
        ops.RunSQL("""DELETE FROM "notice_mute" WHERE "channel" = ''""", ""),
        ops.RunSQL(
            'CREATE INDEX "idx_notification_snoozed" ON "notification" ("snoozed_until") '
            'WHERE "snoozed_until" IS NOT NULL',
            'DROP INDEX "idx_notification_snoozed"',
        ),
        ops.RunSQL(
            'CREATE INDEX "idx_notification_held" ON "notification" ("held_until") '
            'WHERE "held_until" IS NOT NULL',
            'DROP INDEX "idx_notification_held"',
        ),
        ops.RunSQL(
            'CREATE INDEX "idx_notification_digest" ON "notification" ("person_id", "digest_id") '
            'WHERE "digest_id" IS NOT NULL',
            'DROP INDEX "idx_notification_digest"',
        ),
    ]
