"""What the forms of the administration send."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StringConstraints

from rse.account.drafts import MailAddress, Zone
from rse.identity.policy import ProfilePolicy
from rse.kernel.i18n import gettext as _
from rse.kernel.text import clean_line, clean_text

MOST_ADDRESSES = 100
_DOMAIN = re.compile(
    r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+"
)


def _line(text: object) -> object:
    return clean_line(text, 1000) if isinstance(text, str) else text


def _body(text: object) -> object:
    return clean_text(text) if isinstance(text, str) else text


def _domain(text: str) -> str:
    folded = text.casefold().removeprefix("@")
    if folded and not _DOMAIN.fullmatch(folded):
        raise ValueError(_("Write a domain such as company.example, or leave it empty."))
    return folded


Reason = Annotated[str, StringConstraints(min_length=3, max_length=500), BeforeValidator(_line)]


class RoleDraft(BaseModel):
    role: Literal["member", "admin"]


class ReasonDraft(BaseModel):
    reason: Reason


class MailChangeDraft(BaseModel):
    email: MailAddress


class MailInvitationDraft(BaseModel):
    addresses: Annotated[
        str, StringConstraints(min_length=1, max_length=20_000), BeforeValidator(_body)
    ]
    days: int = Field(14, ge=1, le=90)


class ListDraft(BaseModel):
    list: Annotated[str, StringConstraints(max_length=1_000_000)] = ""
    days: int = Field(14, ge=1, le=90)


class LinkInvitationDraft(BaseModel):
    uses: int = Field(10, ge=1, le=1000)
    days: int = Field(14, ge=1, le=90)
    domain: Annotated[str, AfterValidator(_domain), BeforeValidator(_line)] = ""


class GeneralDraft(BaseModel):
    company: Annotated[str, StringConstraints(min_length=1, max_length=120), BeforeValidator(_line)]
    language: Literal["en", "fr", "de"]
    timezone: Zone
    terms: Annotated[str, StringConstraints(max_length=50_000), BeforeValidator(_body)] = ""


class PolicyDraft(BaseModel):
    """Boxes: one that is not ticked is not sent, whatever the default of the setting."""

    pronouns: bool = False
    endorsements: bool = False
    presence: bool = False
    typing: bool = False

    @property
    def policy(self) -> ProfilePolicy:
        return ProfilePolicy(**self.model_dump())
