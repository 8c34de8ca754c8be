"""What the forms about one's own page send."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, StringConstraints

from rse.kernel.text import clean_line, clean_text


def _line(text: object) -> object:
    return clean_line(text, 1000) if isinstance(text, str) else text


def _body(text: object) -> object:
    return clean_text(text) if isinstance(text, str) else text


class ProfileDraft(BaseModel):
    # A validator written last runs first. A locked field is not sent at all: None is "leave it".
    display_name: Annotated[
        str | None, StringConstraints(min_length=1, max_length=120), BeforeValidator(_line)
    ] = None
    title: Annotated[str | None, StringConstraints(max_length=160), BeforeValidator(_line)] = None
    phone: Annotated[str | None, StringConstraints(max_length=60), BeforeValidator(_line)] = None
    about: Annotated[str | None, StringConstraints(max_length=4000), BeforeValidator(_body)] = None
