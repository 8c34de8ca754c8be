from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from rse.kernel.ids import new_id
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("rse", "0005_found")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Follow",
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
                    "follower",
                    fields.ForeignKeyField(
                        "rse.Person",
                        source_field="follower_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="following",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "followed",
                    fields.ForeignKeyField(
                        "rse.Person",
                        source_field="followed_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="followers",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
            ],
            options={
                "table": "follow",
                "app": "rse",
                "unique_together": (("follower", "followed"),),
                "pk_attr": "id",
                "table_description": "One person follows another. It gives no right to read anything.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="ProfileField",
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
                ("key", fields.CharField(unique=True, max_length=40)),
                ("name_en", fields.CharField(max_length=60)),
                ("name_fr", fields.CharField(default="", max_length=60)),
                ("name_de", fields.CharField(default="", max_length=60)),
                ("kind", fields.CharField(default="text", max_length=12)),
                ("options", fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ("position", fields.IntField(default=0)),
                ("source", fields.CharField(default="person", max_length=12)),
                ("audience", fields.CharField(default="company", max_length=12)),
                ("space_id", fields.BigIntField(null=True)),
                (
                    "organisation",
                    fields.ForeignKeyField(
                        "rse.Organisation",
                        source_field="organisation_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="profile_fields",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("may_narrow", fields.BooleanField(default=True)),
            ],
            options={
                "table": "profile_field",
                "app": "rse",
                "pk_attr": "id",
                "table_description": "One field. Its values are the person's `details`, under its key.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="FieldAudience",
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
                        related_name="field_audiences",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "field",
                    fields.ForeignKeyField(
                        "rse.ProfileField",
                        source_field="field_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="narrowed",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("audience", fields.CharField(max_length=12)),
                ("space_id", fields.BigIntField(null=True)),
            ],
            options={
                "table": "profile_field_audience",
                "app": "rse",
                "unique_together": (("person", "field"),),
                "pk_attr": "id",
                "table_description": "A person shows a field to fewer than the field's own audience.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="Skill",
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
                ("key", fields.CharField(unique=True, max_length=60)),
                ("name", fields.CharField(max_length=60)),
            ],
            options={
                "table": "skill",
                "app": "rse",
                "pk_attr": "id",
                "table_description": "One skill of everybody who has it. `key` is its name without case and accents.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="PersonSkill",
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
                        related_name="skills",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "skill",
                    fields.ForeignKeyField(
                        "rse.Skill",
                        source_field="skill_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="people",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
            ],
            options={
                "table": "person_skill",
                "app": "rse",
                "unique_together": (("person", "skill"),),
                "pk_attr": "id",
                "table_description": "Somebody has a skill.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="Endorsement",
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
                    "held",
                    fields.ForeignKeyField(
                        "rse.PersonSkill",
                        source_field="held_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="endorsements",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "endorser",
                    fields.ForeignKeyField(
                        "rse.Person",
                        source_field="endorser_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="endorsed",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
            ],
            options={
                "table": "skill_endorsement",
                "app": "rse",
                "unique_together": (("held", "endorser"),),
                "pk_attr": "id",
                "table_description": "Somebody confirms another's skill.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="SpokenLanguage",
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
                        related_name="spoken_languages",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("code", fields.CharField(max_length=3)),
            ],
            options={
                "table": "spoken_language",
                "app": "rse",
                "unique_together": (("person", "code"),),
                "indexes": [Index(fields=["code", "person_id"])],
                "pk_attr": "id",
                "table_description": "A language somebody speaks at work, by its code.",
            },
            bases=["Record"],
        ),
        ops.AddField(
            model_name="DirectoryIdentity",
            name="extra",
            field=fields.JSONField(default=dict, db_default={}, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name="Person",
            name="details",
            field=fields.JSONField(default=dict, db_default={}, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name="Person",
            name="manager",
            field=fields.ForeignKeyField(
                "rse.Person",
                source_field="manager_id",
                null=True,
                db_index=True,
                db_constraint=True,
                to_field="id",
                related_name="reports",
                on_delete=OnDelete.SET_NULL,
            ),
        ),
        ops.AddField(
            model_name="Person",
            name="mobile",
            field=fields.CharField(default="", db_default="", max_length=60),
        ),
        ops.AddField(
            model_name="Person",
            name="pronouns",
            field=fields.CharField(default="", db_default="", max_length=40),
        ),
        ops.AddField(
            model_name="Person",
            name="shows_presence",
            field=fields.BooleanField(default=True, db_default=True),
        ),
        ops.AddField(
            model_name="Person",
            name="site",
            field=fields.CharField(default="", db_index=True, db_default="", max_length=120),
        ),
        ops.AddField(
            model_name="Introduction",
            name="card_digest",
            field=fields.CharField(default="", db_default="", max_length=64),
        ),
        # A column that is added brings no index of its own.
        ops.RunSQL(
            'CREATE INDEX "idx_person_manager_id" ON "person" ("manager_id")',
            'DROP INDEX "idx_person_manager_id"',
        ),
        ops.RunSQL(
            'CREATE INDEX "idx_person_site" ON "person" ("site")', 'DROP INDEX "idx_person_site"'
        ),
    ]
