"""Skills, who has them, and who says so too."""

from tortoise import fields

from rse.identity.models import Person
from rse.kernel.models import Record


class Skill(Record):
    """One skill of everybody who has it. `key` is its name without case and accents."""

    key = fields.CharField(max_length=60, unique=True)
    name = fields.CharField(max_length=60)

    class Meta:
        table = "skill"


class PersonSkill(Record):
    """Somebody has a skill."""

    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="skills", on_delete=fields.CASCADE
    )
    person_id: int
    skill: fields.ForeignKeyRelation[Skill] = fields.ForeignKeyField(
        "rse.Skill", related_name="people", db_index=True, on_delete=fields.CASCADE
    )
    skill_id: int

    class Meta:
        table = "person_skill"
        unique_together = (("person", "skill"),)


class Endorsement(Record):
    """Somebody confirms another's skill."""

    held: fields.ForeignKeyRelation[PersonSkill] = fields.ForeignKeyField(
        "rse.PersonSkill", related_name="endorsements", on_delete=fields.CASCADE
    )
    held_id: int
    endorser: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="endorsed", db_index=True, on_delete=fields.CASCADE
    )
    endorser_id: int

    class Meta:
        table = "skill_endorsement"
        unique_together = (("held", "endorser"),)
