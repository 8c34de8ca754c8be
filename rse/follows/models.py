"""Who follows whom."""

from tortoise import fields

from rse.identity.models import Person
from rse.kernel.models import Record


class Follow(Record):
    """One person follows another. It gives no right to read anything."""

    follower: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="following", on_delete=fields.CASCADE
    )
    follower_id: int
    followed: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="followers", db_index=True, on_delete=fields.CASCADE
    )
    followed_id: int

    class Meta:
        table = "follow"
        unique_together = (("follower", "followed"),)
