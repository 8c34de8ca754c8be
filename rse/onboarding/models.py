"""Who does not want to see the first steps any more."""

from tortoise import fields

from rse.identity.models import Person
from rse.kernel.models import Record


class StepsSkipped(Record):
    """Somebody pressed « skip »."""

    person: fields.OneToOneRelation[Person] = fields.OneToOneField(
        "rse.Person", related_name="steps_skipped", on_delete=fields.CASCADE
    )
    person_id: int

    class Meta:
        table = "steps_skipped"
