"""Reads a request's form or JSON into a typed draft, with one sentence per wrong field."""

from collections.abc import Mapping
from typing import Any, TypeVar

import orjson
from pydantic import BaseModel, ValidationError
from quart import request

from .errors import Invalid
from .i18n import gettext as _
from .i18n import ngettext

DraftT = TypeVar("DraftT", bound=BaseModel)


async def parse(kind: type[DraftT]) -> DraftT:
    """The request's body as `kind`, or Invalid with a sentence for each field."""
    if request.mimetype == "application/json":
        return read(kind, await _one_object())
    form = await request.form
    lists = {name for name, info in kind.model_fields.items() if "list" in str(info.annotation)}
    return read(
        kind,
        {key: form.getlist(key) if key in lists else form[key] for key in form if key[0] != "_"},
    )


async def _one_object() -> dict[str, Any]:
    """The JSON of the request. orjson refuses what is no UTF-8, and what is nested too deep."""
    try:
        body = orjson.loads(await request.get_data())
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        raise Invalid(_("Send one JSON object."))
    return body


def read(kind: type[DraftT], raw: Mapping[str, Any]) -> DraftT:
    """Validate `raw` as `kind`; used by every edge, so that each says the same words."""
    try:
        return kind.model_validate(raw)
    except ValidationError as error:
        fields = {".".join(map(str, e["loc"])): _sentence(e) for e in error.errors()}
        raise Invalid(_("Please check the marked fields."), fields) from None


def _sentence(error: Any) -> str:
    """What to do about a validation error, in the reader's language."""
    context, kind = error.get("ctx", {}), error["type"]
    if kind == "value_error":
        return str(context.get("error", error["msg"]))
    if kind == "missing" or context.get("min_length") == 1:
        return _("Fill in this field.")
    return _about_length(kind, context) or _about_kind(kind)


def _about_length(kind: str, context: Any) -> str:
    if kind == "string_too_short":
        return ngettext(
            "Write at least %(n)s character.",
            "Write at least %(n)s characters.",
            context["min_length"],
        )
    if kind == "string_too_long":
        return ngettext(
            "Shorten this to %(n)s character.",
            "Shorten this to %(n)s characters.",
            context["max_length"],
        )
    if kind == "too_long":
        return _("Choose at most %(n)s.", n=context["max_length"])
    return ""


def _about_kind(kind: str) -> str:
    if kind in {"enum", "literal_error"}:
        return _("Choose one of the options.")
    if kind.startswith(("int", "float", "greater", "less")):
        return _("Write a number in the allowed range.")
    return _("This is not in the expected form.")
