"""A form as a page shows it: what is typed in it and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from quart import Response, request

from rse.kernel.errors import Invalid, RseError, TooMany


@dataclass(frozen=True, slots=True)
class Form:
    """Values and sentences by field name, and one sentence for the whole."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    message: str = ""

    def value(self, name: str) -> str:
        return self.values.get(name, "")

    def error(self, name: str) -> str:
        return self.errors.get(name, "")


async def typed(error: RseError) -> Form:
    """The form that was refused, with every word that was typed."""
    sent = await request.form
    return Form(
        {name: sent[name] for name in sent},
        error.fields if isinstance(error, Invalid) else {},
        error.message,
    )


def refused(error: RseError, body: str) -> Response:
    """The page of a refused form, with the status that says so."""
    response = Response(body, error.status, content_type="text/html; charset=utf-8")
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after_seconds)
    return response
