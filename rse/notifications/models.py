"""Notices, what people want to hear of, and what they have muted."""

from datetime import date, datetime

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
    # Whether it may pass quiet hours, where the administrator allows that at all.
    is_urgent = fields.BooleanField(default=False)
    # Where it stands in the list: its id, until it comes back from a snooze.
    place: int = fields.BigIntField(default=0)
    snoozed_until: datetime | None = fields.DatetimeField(null=True)
    # Devices wait for the end of quiet hours.
    held_until: datetime | None = fields.DatetimeField(null=True)
    # No digest (null), waiting for one (0), or the digest's mail.
    digest_id: int | None = fields.BigIntField(null=True)

    class Meta:
        table = "notification"
        unique_together = (("person", "event_key"),)
        # Those of what sleeps, is held or waits for a digest are partial: see the migration.
        indexes = (
            ("person_id", "read_at"),
            ("person_id", "thread_id", "place"),
            ("person_id", "place"),
        )


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
    """A thread a person wants no mail of: what the link in a mail does."""

    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="notice_mutes", on_delete=fields.CASCADE
    )
    person_id: int
    object_id: int = fields.BigIntField()
    channel = fields.CharField(max_length=8, default="")

    class Meta:
        table = "notice_mute"
        unique_together = (("person", "object_id", "channel"),)


class NoticeLevel(Record):
    """How much of one thread or space a person wants to hear: all, mentions or nothing."""

    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="notice_levels", on_delete=fields.CASCADE
    )
    person_id: int
    object_id: int = fields.BigIntField()
    level = fields.CharField(max_length=8)

    class Meta:
        table = "notice_level"
        unique_together = (("person", "object_id"),)
        indexes = (("object_id", "level"),)


class NoticeTimes(Record):
    """When a person may be told, where they differ from the company. Minutes of their own day."""

    person: fields.OneToOneRelation[Person] = fields.OneToOneField(
        "rse.Person", related_name="notice_times", on_delete=fields.CASCADE
    )
    person_id: int
    # Empty, null: as the company has it.
    digest = fields.CharField(max_length=8, default="")
    digest_hour: int | None = fields.SmallIntField(null=True)
    digest_weekday: int | None = fields.SmallIntField(null=True)
    has_own_hours = fields.BooleanField(default=False)
    quiet_from: int | None = fields.SmallIntField(null=True)
    quiet_to: int | None = fields.SmallIntField(null=True)
    # Days off as digits, Monday is 0.
    days_off = fields.CharField(max_length=7, default="")
    away_from: date | None = fields.DateField(null=True)
    away_to: date | None = fields.DateField(null=True)
    paused_until: datetime | None = fields.DatetimeField(null=True)
    # Since when their address takes no mail: they read it on every page.
    mail_off_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "notice_times"


class NoticeDigest(Record):
    """A digest that is to be made: there is one row as long as something waits for it."""

    person: fields.OneToOneRelation[Person] = fields.OneToOneField(
        "rse.Person", related_name="notice_digest", on_delete=fields.CASCADE
    )
    person_id: int
    due_at: datetime = fields.DatetimeField(db_index=True)

    class Meta:
        table = "notice_digest"


class NoticeTrace(Record):
    """One step of one notice on its way, in codes alone: an administrator can follow it."""

    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="notice_traces", on_delete=fields.CASCADE
    )
    person_id: int
    event_key = fields.CharField(max_length=200)
    kind = fields.CharField(max_length=64)
    object_id: int = fields.BigIntField()
    channel = fields.CharField(max_length=8, default="")
    step = fields.CharField(max_length=16)
    reason = fields.CharField(max_length=160, default="")

    class Meta:
        table = "notice_trace"
        indexes = (("person_id", "id"), ("object_id", "id"))


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
