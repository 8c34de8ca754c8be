"""A search somebody keeps."""

from tortoise import fields

from rse.identity.models import Person
from rse.kernel.models import Record


class SavedSearch(Record):
    """What was asked for, as its address says it."""

    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="saved_searches", db_index=True, on_delete=fields.CASCADE
    )
    person_id: int
    name = fields.CharField(max_length=120)
    address = fields.CharField(max_length=3000)
    # Whether the person wants to hear of what is new.
    alert = fields.BooleanField(default=True)

    class Meta:
        table = "saved_search"
        indexes = (("alert", "id"),)
