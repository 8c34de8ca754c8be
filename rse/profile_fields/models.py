"""The fields an administrator defined, and how far each person narrows who sees theirs."""

from tortoise import fields

from rse.identity.models import Organisation, Person
from rse.kernel.models import Record

COMPANY, SPACE, PARTNER, NOBODY = "company", "space", "partner", "nobody"
TEXT, LONG, CHOICE, DATE, LINK, PHONE, LIST = (
    "text", "long", "choice", "date", "link", "phone", "lines",
)  # fmt: skip
BY_PERSON, BY_DIRECTORY = "person", "directory"


class ProfileField(Record):
    """One field. Its values are the person's `details`, under its key."""

    # Permanent: the settings of a directory name it.
    key = fields.CharField(max_length=40, unique=True)
    name_en = fields.CharField(max_length=60)
    name_fr = fields.CharField(max_length=60, default="")
    name_de = fields.CharField(max_length=60, default="")
    kind = fields.CharField(max_length=12, default=TEXT)
    options: list[str] = fields.JSONField(default=list)
    position = fields.IntField(default=0)
    source = fields.CharField(max_length=12, default=BY_PERSON)
    audience = fields.CharField(max_length=12, default=COMPANY)
    # The space of the audience "space". Spaces are a floor above: an id, not a relation.
    space_id: int | None = fields.BigIntField(null=True)
    organisation: fields.ForeignKeyNullableRelation[Organisation] = fields.ForeignKeyField(
        "rse.Organisation", related_name="profile_fields", null=True, db_index=True,
        on_delete=fields.SET_NULL,
    )  # fmt: skip
    organisation_id: int | None
    may_narrow = fields.BooleanField(default=True)

    class Meta:
        table = "profile_field"


class FieldAudience(Record):
    """A person shows a field to fewer than the field's own audience."""

    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "rse.Person", related_name="field_audiences", on_delete=fields.CASCADE
    )
    person_id: int
    field: fields.ForeignKeyRelation[ProfileField] = fields.ForeignKeyField(
        "rse.ProfileField", related_name="narrowed", db_index=True, on_delete=fields.CASCADE
    )
    field_id: int
    audience = fields.CharField(max_length=12)
    space_id: int | None = fields.BigIntField(null=True)

    class Meta:
        table = "profile_field_audience"
        unique_together = (("person", "field"),)
