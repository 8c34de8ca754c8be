"""What a form sends to be kept: anything, since it is not finished."""

import re

from pydantic import BaseModel, Field, field_validator

from rse.kernel.ids import is_public, parse_public
from rse.kernel.text import clean_line, clean_text

# Longer than a post may be: what is too long to publish must not be too long to keep.
MAX_WORDS = 200_000
PLACE = re.compile(r"(post|share|(space|c|re)-[0-9a-z]{13})")


class DraftInput(BaseModel):
    """The state of a form; `version` is the one it was loaded from, 0 for a new one."""

    key: str = Field(min_length=1, max_length=80)
    place: str = Field("post", max_length=40)
    space: str = Field("", max_length=13)
    title: str = ""
    body: str = Field("", max_length=MAX_WORDS)
    uploads: list[str] = Field(default_factory=list, max_length=20)
    version: int = Field(0, ge=0)

    @field_validator("title")
    @classmethod
    def _one_line(cls, value: str) -> str:
        return clean_line(value, 200)

    @field_validator("body")
    @classmethod
    def _without_controls(cls, value: str) -> str:
        return clean_text(value)

    @field_validator("uploads", mode="before")
    @classmethod
    def _known_by_id(cls, value: object) -> object:
        """What is no id names no file; after a sign-in they come in one word."""
        texts = value.split(",") if isinstance(value, str) else value
        if not isinstance(texts, list):
            return texts
        return [text for text in texts if not isinstance(text, str) or is_public(text)]

    @field_validator("place")
    @classmethod
    def _one_of_ours(cls, value: str) -> str:
        return value if PLACE.fullmatch(value) else "post"

    @field_validator("version", mode="before")
    @classmethod
    def _of_a_form(cls, value: object) -> object:
        return value or 0

    @property
    def space_id(self) -> int | None:
        return parse_public(self.space) if self.space else None

    @property
    def is_empty(self) -> bool:
        return not (self.body or self.title or self.uploads)
