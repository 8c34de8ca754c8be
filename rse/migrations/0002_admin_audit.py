from tortoise import migrations
from tortoise.migrations import operations as ops
from rse.kernel.ids import new_id
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('rse', '0001_initial')]

    initial = False

    operations = [
        ops.CreateModel(
            name='AdminAudit',
            fields=[
                ('id', fields.BigIntField(primary_key=True, generated=False, default=new_id, unique=True, db_index=True)),
                ('actor', fields.ForeignKeyField('rse.Person', source_field='actor_id', db_index=True, db_constraint=True, to_field='id', related_name='admin_acts', on_delete=OnDelete.RESTRICT)),
                ('action', fields.CharField(max_length=40)),
                ('person', fields.ForeignKeyField('rse.Person', source_field='person_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='admin_acts_about', on_delete=OnDelete.RESTRICT)),
                ('subject', fields.CharField(default='', max_length=200)),
                ('reason', fields.CharField(default='', max_length=500)),
            ],
            options={'table': 'admin_audit', 'app': 'rse', 'pk_attr': 'id', 'table_description': 'One act of an administrator. When it happened is in the id.'},
            bases=['Record'],
        ),
    ]
