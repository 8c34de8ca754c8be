"""What administrators did, written once and never changed."""

from tortoise import fields

from rse.identity.models import Person
from rse.kernel.models import Record


class AdminAudit(Record):
    """One act of an administrator. When it happened is in the id."""

    actor: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="admin_acts", db_index=True, on_delete=fields.RESTRICT
    )
    actor_id: int
    action = fields.CharField(max_length=40)
    # Whom it was about, when it was somebody of ours.
    person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="admin_acts_about", null=True, db_index=True,
        on_delete=fields.RESTRICT,
    )  # fmt: skip
    person_id: int | None
    # What it was about otherwise: a directory, a partner, a job.
    subject = fields.CharField(max_length=200, default="")
    reason = fields.CharField(max_length=500, default="")

    class Meta:
        table = "admin_audit"
