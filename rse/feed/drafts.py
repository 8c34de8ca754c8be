"""What people send: one draft per action, for form, JSON, mail and inbox alike."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, Field, field_validator

from rse.config import settings
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import parse_public
from rse.kernel.text import clean_line, clean_text

MAX_WORDS = 20_000


class _Words(BaseModel):
    body: str = Field(max_length=MAX_WORDS)
    key: str = Field("", max_length=80)

    @field_validator("body")
    @classmethod
    def _something_visible(cls, value: str) -> str:
        return clean_text(value)

    @field_validator("key")
    @classmethod
    def _no_controls(cls, value: str) -> str:
        """It is looked for as it is, and PostgreSQL takes no NUL."""
        return clean_line(value, 80)


class PostDraft(_Words):
    """A new post. `space`, `files` and `shared`, the post it shows again, are outside ids."""

    body: str = Field("", max_length=MAX_WORDS)
    space: str
    shared: str = Field("", max_length=13)
    title: str = Field("", max_length=200)
    key: str = Field("", max_length=40)
    files: list[str] = Field(default_factory=list, max_length=10)

    @field_validator("title")
    @classmethod
    def _one_line(cls, value: str) -> str:
        return clean_line(value, 200)

    @property
    def space_id(self) -> int:
        return parse_public(self.space)

    @property
    def file_ids(self) -> list[int]:
        return [parse_public(text) for text in self.files if text]


class EditDraft(_Words):
    """New words for a post; `version` is the one that was being edited."""

    title: str = Field("", max_length=200)
    version: int = 0


class CommentDraft(_Words):
    """A comment; `parent` is the comment it answers."""

    parent: str = ""
    files: list[str] = Field(default_factory=list, max_length=10)

    @property
    def parent_id(self) -> int | None:
        return parse_public(self.parent) if self.parent else None

    @property
    def file_ids(self) -> list[int]:
        return [parse_public(text) for text in self.files if text]


class MoveDraft(BaseModel):
    """Where a post is to stand."""

    space: str = Field(min_length=1, max_length=13)

    @property
    def space_id(self) -> int:
        return parse_public(self.space)


class MuteDraft(BaseModel):
    """What somebody does not want to see: a person, a thread or a space."""

    kind: Literal["person", "thread", "space"]
    target: str = Field(max_length=13)

    @property
    def target_id(self) -> int:
        return parse_public(self.target)


class ReactionDraft(BaseModel):
    """One emoji of the instance's set, on or off."""

    emoji: str = Field(max_length=16)

    @field_validator("emoji")
    @classmethod
    def _of_the_set(cls, value: str) -> str:
        if value not in settings().community.reactions:
            raise ValueError(_("Choose one of the reactions."))
        return value


@dataclass(frozen=True, slots=True)
class Arrived:
    """How words came in when not through our own form: the partner's id and HTML, or mail."""

    uri: str | None = None
    html: str | None = None
    # Whom a partner's text names, by our ids; None means: read the handles in the text.
    named: tuple[int, ...] | None = None
    by_mail: bool = False
