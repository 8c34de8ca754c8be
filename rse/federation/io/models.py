"""Tables of the federation."""

from datetime import datetime
from typing import Any

from tortoise import fields

from rse.identity.models import Organisation
from rse.kernel import clock
from rse.kernel.models import Record

CONTROL, CONTENT = 0, 1
LANES = (CONTROL, CONTENT)


class InstanceKey(Record):
    """The root key of this instance, whose private half is sealed with the master key."""

    public_key = fields.CharField(max_length=64)
    sealed: bytes = fields.BinaryField()
    created_at: datetime = fields.DatetimeField(default=clock.now)

    class Meta:
        table = "fed_instance_key"


class PartnerInvite(Record):
    """An invitation to become partners: one use, and its proof key is sealed."""

    partnership = fields.CharField(max_length=32, unique=True)
    sealed_proof_key: bytes = fields.BinaryField()
    created_by_id: int = fields.BigIntField()
    expires_at: datetime = fields.DatetimeField()
    used_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "fed_partner_invite"


class Partner(Record):
    """Another company's instance: its pinned key, and how far the partnership has come."""

    # Set when both sides confirmed: only then is the company verified.
    organisation: fields.OneToOneNullableRelation[Organisation] = fields.OneToOneField(
        "rse.Organisation", related_name="partner", null=True, on_delete=fields.RESTRICT
    )
    organisation_id: int | None
    origin = fields.CharField(max_length=255, unique=True)
    name = fields.CharField(max_length=120)
    state = fields.CharField(max_length=16)
    public_key = fields.CharField(max_length=64)
    inbox = fields.CharField(max_length=512)
    stream = fields.CharField(max_length=512)
    invited_by_us = fields.BooleanField()
    partnership = fields.CharField(max_length=32)
    # What the handshake has exchanged so far; see core.handshake.
    handshake: dict[str, Any] = fields.JSONField(default=dict)
    agreement: dict[str, Any] | None = fields.JSONField(null=True)
    our_proof: dict[str, Any] | None = fields.JSONField(null=True)
    their_proof: dict[str, Any] | None = fields.JSONField(null=True)
    proof_delivered = fields.BooleanField(default=False)
    # When the next message of the handshake is to be sent; null when none is.
    handshake_due_at: datetime | None = fields.DatetimeField(null=True, db_index=True)
    handshake_tries = fields.IntField(default=0)
    wrong_codes = fields.SmallIntField(default=0)
    confirmed_by_id: int | None = fields.BigIntField(null=True)
    # What the other side last said of us: "", "suspended", "terminated", "resync".
    said_of_us = fields.CharField(max_length=16, default="")
    last_in_at: datetime | None = fields.DatetimeField(null=True)
    last_out_at: datetime | None = fields.DatetimeField(null=True)
    created_at: datetime = fields.DatetimeField(default=clock.now)

    class Meta:
        table = "fed_partner"


class Share(Record):
    """One space shared with one partner. As guest, `space_id` is our mirror once it exists."""

    partner: fields.ForeignKeyRelation[Partner] = fields.ForeignKeyField(
        "rse.Partner", related_name="shares", db_index=True, on_delete=fields.CASCADE
    )
    partner_id: int
    hosted_by_us = fields.BooleanField()
    space_id: int | None = fields.BigIntField(null=True, db_index=True)
    group_uri = fields.CharField(max_length=512, db_index=True)
    group_name = fields.CharField(max_length=300)
    group_summary = fields.TextField(default="")
    policy = fields.CharField(max_length=32, default="postAndReply")
    invite_uri = fields.CharField(max_length=512, unique=True)
    state = fields.CharField(max_length=16)
    history_from: datetime = fields.DatetimeField(default=clock.now)
    created_at: datetime = fields.DatetimeField(default=clock.now)
    ended_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "fed_share"


class Lane(Record):
    """One direction of one lane of a partner's stream: where it stands, and its chain there.

    Sending: `head` is the last sequence number written, `acked` the last the partner has.
    Receiving: `acked` is the last we hold durably, `head` is what the partner last announced.
    """

    partner: fields.ForeignKeyRelation[Partner] = fields.ForeignKeyField(
        "rse.Partner", related_name="lanes", on_delete=fields.CASCADE
    )
    partner_id: int
    number = fields.SmallIntField()
    outgoing = fields.BooleanField()
    epoch = fields.CharField(max_length=32)
    head: int = fields.BigIntField(default=0)
    head_chain = fields.CharField(max_length=64)
    acked: int = fields.BigIntField(default=0)
    failures = fields.IntField(default=0)
    next_try_at: datetime = fields.DatetimeField(default=clock.now)
    last_error = fields.CharField(max_length=300, default="")

    class Meta:
        table = "fed_lane"
        unique_together = (("partner", "number", "outgoing"),)


class FedOut(Record):
    """The durable log of what we say to a partner, in order."""

    partner: fields.ForeignKeyRelation[Partner] = fields.ForeignKeyField(
        "rse.Partner", related_name="sent", on_delete=fields.CASCADE
    )
    partner_id: int
    lane = fields.SmallIntField()
    seq: int = fields.BigIntField()
    # Content of a space is withheld at sending when the share has ended meanwhile.
    share_id: int | None = fields.BigIntField(null=True)
    activity_id = fields.CharField(max_length=512)
    body: bytes = fields.BinaryField()
    digest = fields.CharField(max_length=64)
    chain = fields.CharField(max_length=64)
    created_at: datetime = fields.DatetimeField(default=clock.now)

    class Meta:
        table = "fed_out"
        unique_together = (("partner", "lane", "seq"), ("partner", "activity_id"))


PENDING, APPLIED, DEFERRED, REJECTED = "pending", "applied", "deferred", "rejected"
IGNORED = "ignored"


class FedIn(Record):
    """What a partner said, durable before it is answered, applied at most once."""

    partner: fields.ForeignKeyRelation[Partner] = fields.ForeignKeyField(
        "rse.Partner", related_name="received", on_delete=fields.CASCADE
    )
    partner_id: int
    lane = fields.SmallIntField()
    seq: int | None = fields.BigIntField(null=True)
    activity_id = fields.CharField(max_length=512)
    body: bytes = fields.BinaryField()
    digest = fields.CharField(max_length=64)
    state = fields.CharField(max_length=16, default=PENDING)
    reason = fields.CharField(max_length=300, default="")
    tries = fields.SmallIntField(default=0)
    received_at: datetime = fields.DatetimeField(default=clock.now)
    due_at: datetime = fields.DatetimeField(default=clock.now)
    applied_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "fed_in"
        unique_together = (("partner", "activity_id"),)
        indexes = (("partner_id", "state", "id"),)


class FedObject(Record):
    """An object a partner made here: who wrote it and where it sits, for authorisation."""

    uri = fields.CharField(max_length=512, unique=True)
    type = fields.CharField(max_length=32)
    partner: fields.ForeignKeyRelation[Partner] = fields.ForeignKeyField(
        "rse.Partner", related_name="objects", db_index=True, on_delete=fields.CASCADE
    )
    partner_id: int
    author_uri = fields.CharField(max_length=512)
    space_id: int = fields.BigIntField()
    updated_at: datetime = fields.DatetimeField()

    class Meta:
        table = "fed_object"


class Tombstone(Record):
    """A partner's object that was deleted: its id means nothing again, unless they undo that."""

    uri = fields.CharField(max_length=512, unique=True)
    partner: fields.ForeignKeyRelation[Partner] = fields.ForeignKeyField(
        "rse.Partner", related_name="tombstones", db_index=True, on_delete=fields.CASCADE
    )
    partner_id: int
    # Whose it was and where it lay; no space when it was deleted before it came.
    author_uri = fields.CharField(max_length=512, default="")
    space_id: int | None = fields.BigIntField(null=True)
    deleted_at: datetime = fields.DatetimeField(default=clock.now)

    class Meta:
        table = "fed_tombstone"


class Introduction(Record):
    """One of our people whose card a partner was given: their roster of us."""

    partner: fields.ForeignKeyRelation[Partner] = fields.ForeignKeyField(
        "rse.Partner", related_name="introductions", on_delete=fields.CASCADE
    )
    partner_id: int
    person_id: int = fields.BigIntField(db_index=True)
    at: datetime = fields.DatetimeField(default=clock.now)
    # Of the card they have: another one is sent.
    card_digest = fields.CharField(max_length=64, default="", db_default="")

    class Meta:
        table = "fed_introduction"
        unique_together = (("partner", "person_id"),)


class SeenSignature(Record):
    """A signature that was accepted, kept as long as it would still verify."""

    digest = fields.CharField(max_length=64, unique=True)
    seen_at: datetime = fields.DatetimeField(default=clock.now, db_index=True)

    class Meta:
        table = "fed_seen_signature"


class FedAudit(Record):
    """Append-only, each entry bound to the one before it."""

    at: datetime = fields.DatetimeField(default=clock.now)
    partner_id: int | None = fields.BigIntField(null=True, db_index=True)
    # "in", "out" or "admin".
    direction = fields.CharField(max_length=8)
    action = fields.CharField(max_length=64)
    subject = fields.CharField(max_length=512, default="")
    decision = fields.CharField(max_length=32, default="")
    reason = fields.CharField(max_length=300, default="")
    person_id: int | None = fields.BigIntField(null=True)
    seq: int = fields.BigIntField(unique=True)
    chain = fields.CharField(max_length=64)

    class Meta:
        table = "fed_audit"


class AuditHead(Record):
    """The end of the audit chain, in one row that is locked while an entry is added."""

    seq: int = fields.BigIntField(default=0)
    chain = fields.CharField(max_length=64)

    class Meta:
        table = "fed_audit_head"
