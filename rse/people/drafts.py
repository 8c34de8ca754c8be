"""What the forms about one's own page send."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, StringConstraints

from rse.kernel.text import clean_line, clean_text


def _line(text: object) -> object:
    return clean_line(text, 1000) if isinstance(text, str) else text


def _body(text: object) -> object:
    return clean_text(text) if isinstance(text, str) else text


class ProfileDraft(BaseModel):
    # A locked field is not sent at all: None is "leave it".
    display_name: Annotated[
        str | None, BeforeValidator(_line), StringConstraints(min_length=1, max_length=120)
    ] = None
    title: Annotated[str | None, BeforeValidator(_line), StringConstraints(max_length=160)] = None
    phone: Annotated[str | None, BeforeValidator(_line), StringConstraints(max_length=60)] = None
    about: Annotated[str | None, BeforeValidator(_body), StringConstraints(max_length=4000)] = None
