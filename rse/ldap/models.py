"""Tables of the directories: who is known by which id, and each run with its changes."""

from datetime import datetime
from typing import Any

from tortoise import fields

from rse.identity.models import Person
from rse.kernel import clock
from rse.kernel.models import Record
from rse.ldap.plan import Status


class DirectoryIdentity(Record):
    """One person of one directory, without `person` while in conflict."""

    directory = fields.CharField(max_length=40)
    external_id = fields.CharField(max_length=200)
    person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "rse.Person",
        related_name="directory_identities",
        null=True,
        db_index=True,
        on_delete=fields.SET_NULL,
    )
    person_id: int | None
    dn = fields.TextField(default="")
    login = fields.CharField(max_length=120, default="")
    display_name = fields.CharField(max_length=120, default="")
    mail = fields.CharField(max_length=254, null=True)
    title = fields.CharField(max_length=160, default="")
    # What is mapped beside: phone, mobile, site, the manager's DN, a company's own fields.
    extra: dict[str, str] = fields.JSONField(default=dict, db_default={})
    primary_group: int | None = fields.BigIntField(null=True)
    # Of everything that was read of the entry: equal means that nothing changed.
    digest = fields.CharField(max_length=64, default="")
    status = fields.CharField(max_length=16, default=Status.ACTIVE)
    reason = fields.TextField(default="")
    missing_since: datetime | None = fields.DatetimeField(null=True)
    missing_runs = fields.IntField(default=0)
    # The role came from a group, so leaving the group may take it.
    admin_by_rule = fields.BooleanField(default=False)
    first_seen_at: datetime = fields.DatetimeField(default=clock.now)

    class Meta:
        table = "directory_identity"
        unique_together = (("directory", "external_id"),)


class DirectoryRun(Record):
    """One reading of a directory and what became of it."""

    directory = fields.CharField(max_length=40, db_index=True)
    trigger = fields.CharField(max_length=16)
    # running, applying, done, partial, blocked, failed
    state = fields.CharField(max_length=16, default="running")
    counts: dict[str, int] = fields.JSONField(default=dict)
    skipped: dict[str, int] = fields.JSONField(default=dict)
    warnings: list[str] = fields.JSONField(default=list)
    objections: list[str] = fields.JSONField(default=list)
    plan_hash = fields.CharField(max_length=16, default="")
    found = fields.IntField(default=0)
    complete = fields.BooleanField(default=False)
    server = fields.CharField(max_length=255, default="")
    error = fields.TextField(default="")
    approved_run: int | None = fields.BigIntField(null=True)
    started_at: datetime = fields.DatetimeField(default=clock.now)
    ended_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "directory_run"


class DirectoryChange(Record):
    """One step of a run's plan, with what was, what is to be, and why."""

    run: fields.ForeignKeyRelation[DirectoryRun] = fields.ForeignKeyField(
        "rse.DirectoryRun", related_name="changes", db_index=True, on_delete=fields.CASCADE
    )
    run_id: int
    seq = fields.IntField()
    kind = fields.CharField(max_length=16)
    external_id = fields.CharField(max_length=200, db_index=True)
    before: dict[str, Any] = fields.JSONField(default=dict)
    after: dict[str, Any] = fields.JSONField(default=dict)
    reason = fields.TextField(default="")
    applied_at: datetime | None = fields.DatetimeField(null=True)
    error = fields.TextField(default="")

    class Meta:
        table = "directory_change"


class DirectoryPlace(Record):
    """Somebody whom a group brought into a space, as the rule names that space."""

    directory = fields.CharField(max_length=40)
    external_id = fields.CharField(max_length=200)
    space = fields.CharField(max_length=80)
    group = fields.CharField(max_length=200)

    class Meta:
        table = "directory_place"
        unique_together = (("directory", "external_id", "space"),)
