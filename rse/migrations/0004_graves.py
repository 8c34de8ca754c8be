from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("rse", "0003_spaces_in_depth")]

    initial = False

    operations = [
        ops.AlterModelOptions(
            name="Tombstone",
            options={
                "table": "fed_tombstone",
                "app": "rse",
                "pk_attr": "id",
                "table_description": "A partner's object that was deleted: its id means nothing again, unless they undo that.",
            },
        ),
        ops.AddField(
            model_name="Tombstone",
            name="author_uri",
            field=fields.CharField(default="", max_length=512),
        ),
        ops.AddField(
            model_name="Tombstone",
            name="space_id",
            field=fields.BigIntField(null=True),
        ),
    ]
