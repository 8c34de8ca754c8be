"""What the administrator's form about a field sends."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, StringConstraints

from rse.kernel.i18n import gettext as _
from rse.kernel.text import clean_line

MOST_OPTIONS = 60


def _line(text: object) -> object:
    return clean_line(text, 1000) if isinstance(text, str) else text


Name = Annotated[str, StringConstraints(max_length=60), BeforeValidator(_line)]


class FieldDraft(BaseModel):
    """A field as an administrator wants it."""

    name_en: Annotated[str, StringConstraints(min_length=1, max_length=60), BeforeValidator(_line)]
    name_fr: Name = ""
    name_de: Name = ""
    kind: Literal["text", "long", "choice", "date", "link", "phone", "lines"] = "text"
    options: str = ""
    source: Literal["person", "directory"] = "person"
    # A word alone, or a word and an id, as in space:0amr9dg6m0000.
    audience: str = "company"
    may_narrow: bool = False

    @property
    def choices(self) -> list[str]:
        """The options, one a line, each once."""
        lines = [clean_line(line, 100) for line in self.options.splitlines()]
        return list(dict.fromkeys(line for line in lines if line))

    def options_fault(self) -> str:
        """Why the options cannot be; empty when they can."""
        if self.kind != "choice":
            return ""
        if len(self.choices) < 2:
            return _("Write at least two options, one on each line.")
        if len(self.choices) > MOST_OPTIONS:
            return _("Write at most %(n)s lines.", n=MOST_OPTIONS)
        return ""
