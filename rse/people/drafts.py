"""What the forms about one's own page send."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, StringConstraints

from rse.identity.portraits import Cut
from rse.kernel.i18n import gettext as _
from rse.kernel.text import clean_line, clean_text

from . import languages


def _line(text: object) -> object:
    return clean_line(text, 1000) if isinstance(text, str) else text


def _body(text: object) -> object:
    return clean_text(text) if isinstance(text, str) else text


def _known(codes: list[str]) -> list[str]:
    chosen = [code for code in codes if code]  # the empty one says that the boxes were there
    if any(code not in languages.CODES for code in chosen):
        raise ValueError(_("Choose one of the options."))
    return chosen


class ProfileDraft(BaseModel):
    # A validator written last runs first. A locked field is not sent at all: None is "leave it".
    display_name: Annotated[
        str | None, StringConstraints(min_length=1, max_length=120), BeforeValidator(_line)
    ] = None
    title: Annotated[str | None, StringConstraints(max_length=160), BeforeValidator(_line)] = None
    pronouns: Annotated[str | None, StringConstraints(max_length=40), BeforeValidator(_line)] = None
    site: Annotated[str | None, StringConstraints(max_length=120), BeforeValidator(_line)] = None
    mobile: Annotated[str | None, StringConstraints(max_length=60), BeforeValidator(_line)] = None
    phone: Annotated[str | None, StringConstraints(max_length=60), BeforeValidator(_line)] = None
    about: Annotated[str | None, StringConstraints(max_length=4000), BeforeValidator(_body)] = None


class HabitsDraft(BaseModel):
    """What goes beside the card: boxes, so that a form without them leaves them alone."""

    languages: Annotated[list[str] | None, AfterValidator(_known)] = None
    presence: list[str] | None = None


class CutDraft(BaseModel):
    """Which part of the picture becomes the portrait; the middle when nothing is said."""

    across: int = 500
    down: int = 500
    side: int = 1000

    @property
    def cut(self) -> Cut:
        return Cut(self.across, self.down, self.side)


class ManagerDraft(BaseModel):
    """A name or a handle; empty for nobody."""

    manager: Annotated[str, StringConstraints(max_length=120), BeforeValidator(_line)] = ""
