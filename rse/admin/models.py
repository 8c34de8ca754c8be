"""What administrators did, written once and never changed; and lists of people they invite."""

from typing import Any

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


class InvitationBatch(Record):
    """Invitations from a list: looked at first, then made in the background."""

    made_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="invitation_batches", db_index=True, on_delete=fields.CASCADE
    )
    made_by_id: int
    days = fields.SmallIntField(default=14)
    # Each with `line`, `email`, `name`, `error` and, later, `outcome`.
    lines: list[dict[str, Any]] = fields.JSONField()
    # Looked at only; started; done.
    state = fields.CharField(max_length=8, default="preview")

    class Meta:
        table = "invitation_batch"
