from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("rse", "0002_search")]

    initial = False

    operations = [
        ops.AlterField(
            model_name="StoredFile",
            name="preview_digest",
            field=fields.CharField(null=True, db_index=True, max_length=64),
        ),
    ]
