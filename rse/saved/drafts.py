"""What is sent to keep a search."""

from pydantic import BaseModel, Field, field_validator

from rse.kernel.i18n import gettext as _
from rse.kernel.text import clean_line


class SavedSearchDraft(BaseModel):
    """A name, and whether one wants to hear of what is new. `search` is the page's own address."""

    name: str = Field(max_length=120)
    search: str = Field(max_length=3000)
    alert: bool = False

    @field_validator("name")
    @classmethod
    def _a_real_name(cls, value: str) -> str:
        cleaned = clean_line(value, 120)
        if not cleaned:
            raise ValueError(_("Fill in this field."))
        return cleaned
