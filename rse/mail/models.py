"""Mail as the database knows it: ids and states, and words only where they would be lost."""

from datetime import datetime

from tortoise import fields

from rse.identity.models import Person
from rse.kernel import clock
from rse.kernel.models import Record

QUEUED, SENT, DROPPED, FAILED = "queued", "sent", "dropped", "failed"
POSTED, KEPT, RETURNED = "posted", "kept", "returned"
TO_CONFIRM, REFUSED = "confirm", "refused"


class MailIn(Record):
    """One answer that was acted on. Its key makes the second copy of a mail a no-op."""

    key = fields.CharField(max_length=64, unique=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="mails_in", db_index=True, on_delete=fields.CASCADE
    )
    person_id: int
    topic = fields.CharField(max_length=64)
    object_id: int = fields.BigIntField()
    outcome = fields.CharField(max_length=16)
    received_at: datetime = fields.DatetimeField()

    class Meta:
        table = "mail_in"


class MailDraft(Record):
    """Words that came by mail and could not be posted: kept for their writer behind a link."""

    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="mail_drafts", db_index=True, on_delete=fields.CASCADE
    )
    person_id: int
    token_key = fields.CharField(max_length=32, unique=True)
    token_hash: bytes = fields.BinaryField()
    why = fields.CharField(max_length=16)
    reason = fields.TextField(default="")
    topic = fields.CharField(max_length=64)
    object_id: int = fields.BigIntField()
    text = fields.TextField()
    # The raw mail with its files, as long as the spool keeps it.
    spool_name = fields.CharField(max_length=64, default="")
    mail_key = fields.CharField(max_length=64)
    expires_at: datetime = fields.DatetimeField()
    posted_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "mail_draft"


class MailOut(Record):
    """One mail of ours on its way to one address."""

    key = fields.CharField(max_length=120, unique=True)
    kind = fields.CharField(max_length=64)
    person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="mails_out", null=True, db_index=True, on_delete=fields.CASCADE
    )
    person_id: int | None
    notice_id: int | None = fields.BigIntField(null=True)
    thread_id: int | None = fields.BigIntField(null=True)
    # Address, language and words of a mail without a notice; sealed, and emptied once it is sent.
    sealed: bytes | None = fields.BinaryField(null=True)
    message_id = fields.CharField(max_length=200, default="", db_index=True)
    state = fields.CharField(max_length=8, default=QUEUED)
    attempts = fields.SmallIntField(default=0)
    due_at: datetime = fields.DatetimeField(default=clock.now)
    last_error = fields.CharField(max_length=200, default="")
    settled_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "mail_out"
        indexes = (("state", "due_at"), ("person_id", "thread_id"))


class Suppression(Record):
    """An address that bounces: its score, and since when it gets no more mail."""

    address = fields.CharField(max_length=254, unique=True)
    score = fields.SmallIntField(default=0)
    last_bounce_at: datetime = fields.DatetimeField(default=clock.now)

    class Meta:
        table = "mail_suppression"
