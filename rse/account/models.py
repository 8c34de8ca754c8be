"""Somebody who waits to be let in."""

from tortoise import fields

from rse.identity.models import MEMBER
from rse.kernel.models import Record


class JoinRequest(Record):
    """All that makes an account, once an administrator says yes. Removed with the answer."""

    invitation_id = fields.BigIntField()
    inviter = fields.CharField(max_length=120)
    email = fields.CharField(max_length=254, unique=True)
    name = fields.CharField(max_length=120)
    message = fields.CharField(max_length=500, default="")
    password_hash = fields.CharField(max_length=200)
    language = fields.CharField(max_length=8)
    # What one wants by mail: all, direct or none.
    mail = fields.CharField(max_length=8)
    role = fields.CharField(max_length=16, default=MEMBER)
    terms_version = fields.IntField(default=0)

    class Meta:
        table = "join_request"
