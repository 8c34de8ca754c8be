from tortoise import migrations
from tortoise.migrations import operations as ops
from rse.kernel.ids import new_id
from tortoise.fields.base import OnDelete
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("rse", "0002_search")]

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
    ]
