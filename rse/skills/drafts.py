"""What the form about one's skills sends."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, StringConstraints

from rse.kernel.text import clean_line


def _line(text: object) -> object:
    return clean_line(text, 1000) if isinstance(text, str) else text


class SkillDraft(BaseModel):
    name: Annotated[str, StringConstraints(min_length=1, max_length=60), BeforeValidator(_line)]
