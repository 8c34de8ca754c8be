"""People, organisations, accounts, sessions, invitations and one-time links."""

from datetime import datetime

from tortoise import fields

from rse.kernel import clock
from rse.kernel.models import Record

ACTIVE, DEACTIVATED = "active", "deactivated"
MEMBER, ADMIN = "member", "admin"


class Organisation(Record):
    """A company: ours, or a partner whose instance proved who it is."""

    name = fields.CharField(max_length=120)
    host = fields.CharField(max_length=255, unique=True)
    is_ours = fields.BooleanField(default=False)
    hue = fields.SmallIntField(default=258)

    class Meta:
        table = "organisation"


class Person(Record):
    """Somebody of ours, or of a partner. Never deleted: they stay as author."""

    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "rse.Organisation", related_name="people", db_index=True, on_delete=fields.RESTRICT
    )
    organisation_id: int
    handle = fields.CharField(max_length=64)
    display_name = fields.CharField(max_length=120)
    # Folded for search: no accents, no case.
    search_name = fields.CharField(max_length=250, db_index=True)
    title = fields.CharField(max_length=160, default="")
    about = fields.TextField(default="")
    email = fields.CharField(max_length=254, null=True, db_index=True)
    phone = fields.CharField(max_length=60, default="")
    mobile = fields.CharField(max_length=60, default="", db_default="")
    # The office or place of work, in the company's own words.
    site = fields.CharField(max_length=120, default="", db_default="", db_index=True)
    pronouns = fields.CharField(max_length=40, default="", db_default="")
    manager: fields.ForeignKeyNullableRelation["Person"] = fields.ForeignKeyField(
        "rse.Person", related_name="reports", null=True, db_index=True, on_delete=fields.SET_NULL
    )
    manager_id: int | None
    # What the company's own profile fields hold, by the key of the field.
    details: dict[str, str] = fields.JSONField(default=dict, db_default={})
    # Whether others may see that one is here, where the company allows it at all.
    shows_presence = fields.BooleanField(default=True, db_default=True)
    language = fields.CharField(max_length=8, default="fr")
    timezone = fields.CharField(max_length=64, default="Europe/Paris")
    avatar_digest = fields.CharField(max_length=64, null=True)
    # The address of a partner's person at their own instance; null for ours.
    uri = fields.CharField(max_length=500, null=True, unique=True)
    status = fields.CharField(max_length=16, default=ACTIVE)
    # Who switched the person off: only they may switch on again.
    status_source = fields.CharField(max_length=64, default="")
    deactivated_at: datetime | None = fields.DatetimeField(null=True)
    # Fields a directory keeps, with its name: shown as locked.
    locked_fields: dict[str, str] = fields.JSONField(default=dict)

    class Meta:
        table = "person"
        unique_together = (("organisation", "handle"),)

    @property
    def is_local(self) -> bool:
        return self.uri is None

    @property
    def is_active(self) -> bool:
        return self.status == ACTIVE


class Account(Record):
    """What one of our people signs in with."""

    person: fields.OneToOneRelation[Person] = fields.OneToOneField(
        "rse.Person", related_name="account", on_delete=fields.CASCADE
    )
    person_id: int
    login = fields.CharField(max_length=120, unique=True)
    password_hash = fields.CharField(max_length=200, null=True)
    source = fields.CharField(max_length=64, default="local")
    role = fields.CharField(max_length=16, default=MEMBER)
    # Growing it makes every link and reply address given out before worthless.
    epoch = fields.IntField(default=0)
    home_seen_id = fields.BigIntField(default=0)
    seen_before_id = fields.BigIntField(default=0)
    scheme = fields.CharField(max_length=8, default="")
    terms_accepted_at: datetime | None = fields.DatetimeField(null=True)
    # Which version that was, and whether there is a newer one to ask for at the next visit.
    terms_version = fields.IntField(default=0)
    terms_due = fields.BooleanField(default=False)

    class Meta:
        table = "account"

    @property
    def is_admin(self) -> bool:
        return self.role == ADMIN


class Session(Record):
    """One signed-in browser. Only the hash of its token is kept."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "rse.Account", related_name="sessions", db_index=True, on_delete=fields.CASCADE
    )
    account_id: int
    token_hash: bytes = fields.BinaryField()
    token_key = fields.CharField(max_length=32, unique=True)
    created_at: datetime = fields.DatetimeField(default=clock.now)
    last_seen_at: datetime = fields.DatetimeField(default=clock.now)
    expires_at: datetime = fields.DatetimeField(db_index=True)
    browser = fields.CharField(max_length=120, default="")
    network = fields.CharField(max_length=64, default="")

    class Meta:
        table = "session"


class Invitation(Record):
    """A way in: for one address, or a link with a number of uses and perhaps a mail domain."""

    token_hash: bytes = fields.BinaryField()
    token_key = fields.CharField(max_length=32, unique=True)
    invited_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="invitations", db_index=True, on_delete=fields.CASCADE
    )
    invited_by_id: int
    email = fields.CharField(max_length=254, default="")
    name = fields.CharField(max_length=120, default="")
    # Made for somebody who came by a link that was handed round.
    by_link = fields.BooleanField(default=False)
    domain = fields.CharField(max_length=253, default="")
    role = fields.CharField(max_length=16, default=MEMBER)
    space_id: int | None = fields.BigIntField(null=True)
    uses_left = fields.IntField(default=1)
    expires_at: datetime = fields.DatetimeField()
    cancelled_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "invitation"


class OneTimeLink(Record):
    """A link that works once: first set-up, password reset, demonstration sign-in."""

    token_hash: bytes = fields.BinaryField()
    token_key = fields.CharField(max_length=32, unique=True)
    purpose = fields.CharField(max_length=16)
    account: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "rse.Account", related_name="links", null=True, db_index=True, on_delete=fields.CASCADE
    )
    account_id: int | None
    expires_at: datetime = fields.DatetimeField()
    used_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "one_time_link"
