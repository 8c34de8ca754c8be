"""Tables of the kernel: the base of every table, the outbox, live settings."""

from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.models import Model

from . import clock
from .ids import new_id


class Record(Model):
    """Every table's base: an id that is made by us, before the insert."""

    id: int = fields.BigIntField(primary_key=True, default=new_id, generated=False)

    class Meta:
        abstract = True


class OutboxJob(Record):
    """One subscriber's share of one event: written with the change, run after it."""

    subscriber = fields.CharField(max_length=200)
    payload: dict[str, Any] = fields.JSONField()
    # Jobs of one lane run one after the other, in the order of their ids.
    lane = fields.CharField(max_length=100, default="")
    attempts = fields.SmallIntField(default=0)
    due_at: datetime = fields.DatetimeField(default=clock.now)
    last_error = fields.TextField(default="")

    class Meta:
        table = "outbox_job"
        indexes = (("due_at", "id"), ("lane", "id"))


class Lease(Record):
    """A named right to run, held until a moment: one holder among all processes."""

    name = fields.CharField(max_length=100, unique=True)
    holder = fields.CharField(max_length=64, default="")
    until: datetime = fields.DatetimeField(default=clock.now)
    last_run_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "lease"


class LiveSetting(Record):
    """A setting an administrator changes while the product runs."""

    name = fields.CharField(max_length=100, unique=True)
    value: Any = fields.JSONField()

    class Meta:
        table = "live_setting"
