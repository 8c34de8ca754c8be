"""What can happen to the fields themselves; a changed value is a changed person."""

from dataclasses import dataclass

from rse.kernel.events import Event


@dataclass(frozen=True, slots=True)
class FieldsChanged(Event):
    """A field was made, changed or removed: what the company may see of people is another."""

    name = "profile_fields.changed"
    field_id: int
