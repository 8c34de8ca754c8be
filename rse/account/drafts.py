"""What the forms of this feature send."""

import re
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StringConstraints

from rse.kernel.i18n import gettext as _
from rse.kernel.text import clean_line

_ADDRESS = re.compile(
    r"[^\s@,;:<>()\[\]\"\\]{1,64}@[^\s@.,;:<>()\[\]\"\\]+(\.[^\s@.,;:<>()\[\]\"\\]+)+"
)
_LOGIN = re.compile(r"[^\s@:/\\]+(@[^\s@:/\\]+)?")


def mail_address(text: str) -> str:
    """A mail address, folded; ValueError with a sentence otherwise."""
    address = clean_line(text, 300).casefold()
    if len(address) > 254 or not _ADDRESS.fullmatch(address):
        raise ValueError(_("Write a mail address such as name@company.example."))
    return address


def login_name(text: str) -> str:
    login = clean_line(text, 121).casefold()
    if not _LOGIN.fullmatch(login) or len(login) > 120:
        raise ValueError(_("Write a login without blanks, such as a short name or mail address."))
    return login


def _zone(text: str) -> str:
    if text not in available_timezones():
        raise ValueError(_("Choose a time zone from the list."))
    return text


def _one_line(text: object) -> object:
    return clean_line(text, 1000) if isinstance(text, str) else text


MailAddress = Annotated[
    str, StringConstraints(min_length=1, max_length=300), AfterValidator(mail_address)
]
Login = Annotated[str, StringConstraints(min_length=1, max_length=300), AfterValidator(login_name)]
# A validator written last runs first.
Name = Annotated[str, StringConstraints(min_length=1, max_length=120), BeforeValidator(_one_line)]
Password = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Language = Literal["en", "fr", "de"]
Zone = Annotated[str, AfterValidator(_zone)]


class SignInDraft(BaseModel):
    # No limits here: too long a word gets the answer of a wrong one.
    login: str = ""
    password: str = ""
    next: str = "/"


class SetupDraft(BaseModel):
    company: Name
    name: Name
    login: Login
    email: MailAddress
    password: Password


class AddressDraft(BaseModel):
    email: MailAddress


class JoinDraft(BaseModel):
    name: Name
    # Asked for when the invitation itself names no address.
    email: str = ""
    password: Password
    language: Language
    # What one wants by mail: everything, what is meant for oneself, nothing.
    mail: Literal["all", "direct", "none"] = "direct"
    terms: bool = False
    # For the administrator, where one is asked first.
    message: Annotated[str, StringConstraints(max_length=500), BeforeValidator(_one_line)] = ""


class TermsDraft(BaseModel):
    version: int
    terms: bool = False
    next: str = "/"


class PasswordDraft(BaseModel):
    password: Password


class PasswordChangeDraft(BaseModel):
    current: Annotated[str, Field(max_length=2000)] = ""
    password: Password


class LanguageDraft(BaseModel):
    language: Language
    next: str = "/"


class PreferencesDraft(BaseModel):
    language: Language
    timezone: Zone
    scheme: Literal["", "light", "dark"] = ""
