"""What makes a post an announcement, and what each person did with it."""

from datetime import datetime

from tortoise import fields

from rse.feed.models import Post
from rse.identity.models import Person
from rse.kernel import clock
from rse.kernel.models import Record
from rse.spaces.models import Space


class Announcement(Record):
    """Hangs on a post, one to one. Its audience is the post's space."""

    post: fields.OneToOneRelation[Post] = fields.OneToOneField(
        "rse.Post", related_name="announcement", on_delete=fields.CASCADE
    )
    post_id: int
    closes_at: datetime | None = fields.DatetimeField(null=True, db_index=True)
    # Whether those who join the space later are asked, too.
    for_newcomers = fields.BooleanField(default=True)
    # A major edit begins another round: what was acknowledged before counts no more.
    round = fields.IntField(default=1)
    begun_at: datetime = fields.DatetimeField(default=clock.now)
    reminders_sent = fields.SmallIntField(default=0)
    # The first reminder goes out so many days before the last one, the second on it.
    remind_days = fields.SmallIntField(default=1)
    # Passes quiet hours, where the administrator allows that.
    is_urgent = fields.BooleanField(default=False)

    class Meta:
        table = "announcement"


class Receipt(Record):
    """One person in one round: told, seen, acknowledged."""

    announcement: fields.ForeignKeyRelation[Announcement] = fields.ForeignKeyField(
        "rse.Announcement", related_name="receipts", on_delete=fields.CASCADE
    )
    announcement_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="receipts", db_index=True, on_delete=fields.CASCADE
    )
    person_id: int
    round = fields.IntField()
    is_seen = fields.BooleanField(default=False)
    acknowledged_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "announcement_receipt"
        unique_together = (("announcement", "round", "person"),)


class Exclusion(Record):
    """Somebody who is not asked: one person, or everybody who is in a space."""

    announcement: fields.ForeignKeyRelation[Announcement] = fields.ForeignKeyField(
        "rse.Announcement", related_name="exclusions", on_delete=fields.CASCADE
    )
    announcement_id: int
    person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="exclusions", null=True, db_index=True, on_delete=fields.CASCADE
    )
    person_id: int | None
    space: fields.ForeignKeyNullableRelation[Space] = fields.ForeignKeyField(
        "rse.Space", related_name="exclusions", null=True, db_index=True, on_delete=fields.CASCADE
    )
    space_id: int | None

    class Meta:
        table = "announcement_exclusion"
        indexes = (("announcement_id", "person_id"), ("announcement_id", "space_id"))
