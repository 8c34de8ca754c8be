"""What people send about spaces: one draft per action, for form and JSON alike."""

from typing import Literal

from pydantic import BaseModel, Field, field_validator

from rse.kernel.i18n import gettext as _
from rse.kernel.i18n import ngettext
from rse.kernel.text import clean_line, clean_text

MOST_QUESTIONS = 5
Access = Literal["open", "request", "invitation", "secret"]
Posting = Literal["members", "moderators", "approval"]
EntryRole = Literal["member", "reader"]


def _questions(text: str) -> str:
    """One question a line; empty lines are none."""
    lines = [clean_line(line, 200) for line in text.splitlines()]
    asked = list(dict.fromkeys(line for line in lines if line))
    if len(asked) > MOST_QUESTIONS:
        raise ValueError(
            ngettext("Ask at most %(n)s question.", "Ask at most %(n)s questions.", MOST_QUESTIONS)
        )
    return "\n".join(asked)


class SpaceDraft(BaseModel):
    """A space as its owner describes it. `parent` None leaves it where it is."""

    name: str = Field(min_length=2, max_length=80)
    description: str = Field("", max_length=2000)
    access: Access = "open"
    category: int = Field(1, ge=1, le=12)
    parent: str | None = None
    template: str = Field("", max_length=40)

    @field_validator("name")
    @classmethod
    def _a_real_name(cls, value: str) -> str:
        cleaned = clean_line(value, 80)
        if len(cleaned) < 2:
            raise ValueError(_("Write at least two visible characters."))
        return cleaned


class DoorDraft(BaseModel):
    """What happens at the door: the rules shown, the questions asked, the role given."""

    rules_text: str = Field("", max_length=4000)
    questions: str = Field("", max_length=1500)
    entry_role: EntryRole = "member"

    @field_validator("rules_text")
    @classmethod
    def _clean(cls, value: str) -> str:
        return clean_text(value)

    @field_validator("questions")
    @classmethod
    def _few(cls, value: str) -> str:
        return _questions(value)

    @property
    def asked(self) -> list[str]:
        return self.questions.splitlines()


class WritingDraft(BaseModel):
    """Who writes, and with what. A form says nothing of boxes that are not ticked."""

    posting: Posting = "members"
    members_comment: bool = False
    offered: list[str] = Field(default_factory=list, max_length=50)


class RequestDraft(BaseModel):
    """A request to join: a word, and the answers in the order of the questions."""

    message: str = Field("", max_length=500)
    answers: list[str] = Field(default_factory=list, max_length=MOST_QUESTIONS)


class TemplateDraft(DoorDraft, WritingDraft):
    """A template: what a space made from it begins with."""

    name: str = Field(min_length=2, max_length=80)
    summary: str = Field("", max_length=300)
    description: str = Field("", max_length=2000)
    access: Access = "open"
    category: int = Field(1, ge=1, le=12)
    welcome_title: str = Field("", max_length=200)
    welcome_body: str = Field("", max_length=5000)

    @field_validator("name", "summary", "welcome_title")
    @classmethod
    def _one_line(cls, value: str) -> str:
        return clean_line(value, 300)
