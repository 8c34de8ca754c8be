"""Notices, what people want to hear of, and what they have muted."""

from datetime import datetime

from tortoise import fields

from rse.identity.models import Person, Session
from rse.kernel import clock
from rse.kernel.models import Record

# What is still to be done by mail: nothing, send it, it was sent, it was let go.
MAIL_UNWANTED, MAIL_DUE, MAIL_SENT, MAIL_DROPPED = "", "due", "sent", "dropped"
# On devices: nothing, tell them, each was told of it or there was none.
PUSH_UNWANTED, PUSH_DUE, PUSH_SPREAD = "", "due", "spread"


class Notification(Record):
    """One event told to one person. The words are made when it is shown, from these ids."""

    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="notices", on_delete=fields.CASCADE
    )
    person_id: int
    kind = fields.CharField(max_length=64)
    event_key = fields.CharField(max_length=200)
    actor_id: int | None = fields.BigIntField(null=True)
    object_id: int = fields.BigIntField(db_index=True)
    thread_id: int = fields.BigIntField()
    space_id: int | None = fields.BigIntField(null=True)
    # Without it the notice is for mail alone: born read, and never in the list.
    in_app = fields.BooleanField(default=True)
    read_at: datetime | None = fields.DatetimeField(null=True)
    mail_state = fields.CharField(max_length=8, default=MAIL_UNWANTED)
    push_state = fields.CharField(max_length=8, default=PUSH_UNWANTED)

    class Meta:
        table = "notification"
        unique_together = (("person", "event_key"),)
        indexes = (("person_id", "read_at"), ("person_id", "thread_id", "id"), ("person_id", "id"))


class NoticeChoice(Record):
    """Whether a person wants a kind of notice by a channel. An empty kind stands for all others."""

    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="notice_choices", on_delete=fields.CASCADE
    )
    person_id: int
    kind = fields.CharField(max_length=64)
    channel = fields.CharField(max_length=8)
    wanted = fields.BooleanField()

    class Meta:
        table = "notice_choice"
        unique_together = (("person", "kind", "channel"),)


class NoticeMute(Record):
    """A thread or space a person wants to hear nothing of: by mail, or at all (empty channel)."""

    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="notice_mutes", on_delete=fields.CASCADE
    )
    person_id: int
    object_id: int = fields.BigIntField()
    channel = fields.CharField(max_length=8, default="")

    class Meta:
        table = "notice_mute"
        unique_together = (("person", "object_id", "channel"),)


class PushSubscription(Record):
    """A browser that shows notices by itself. It ends with the session it was made in."""

    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="push_subscriptions", on_delete=fields.CASCADE
    )
    person_id: int
    session: fields.ForeignKeyRelation[Session] = fields.ForeignKeyField(
        "rse.Session", related_name="push_subscriptions", on_delete=fields.CASCADE
    )
    session_id: int
    endpoint = fields.TextField()
    endpoint_hash = fields.CharField(max_length=64, unique=True)
    public_key: bytes = fields.BinaryField()
    auth: bytes = fields.BinaryField()
    browser = fields.CharField(max_length=120, default="")
    created_at: datetime = fields.DatetimeField(default=clock.now)
    failures = fields.IntField(default=0)

    class Meta:
        table = "push_subscription"
        indexes = (("person_id", "id"),)
