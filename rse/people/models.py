"""The languages people speak."""

from tortoise import fields

from rse.identity.models import Person
from rse.kernel.models import Record


class SpokenLanguage(Record):
    """A language somebody speaks at work, by its code."""

    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="spoken_languages", on_delete=fields.CASCADE
    )
    person_id: int
    code = fields.CharField(max_length=3)

    class Meta:
        table = "spoken_language"
        unique_together = (("person", "code"),)
        indexes = (("code", "person_id"),)
