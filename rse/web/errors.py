"""One answer for each error: a page, a fragment or problem JSON (RFC 9457)."""

import logging
from urllib.parse import quote

import orjson
from markupsafe import escape
from quart import Quart, Response, request
from werkzeug.exceptions import HTTPException

from rse.kernel import logs
from rse.kernel.errors import Invalid, RseError, SignInRequired, TooMany
from rse.kernel.i18n import gettext as _

from . import kept
from .render import fragment_wanted, go, partial
from .shell import Shell

log = logging.getLogger(__name__)


def install(app: Quart) -> None:
    """Let every error that escapes a view be answered here."""
    app.register_error_handler(RseError, _known)
    app.register_error_handler(HTTPException, _standard)
    app.register_error_handler(Exception, _unknown)


async def _known(error: RseError) -> Response:
    if isinstance(error, SignInRequired) and request.method == "GET" and not wants_json():
        response = go(f"/sign-in?next={quote(request.full_path.rstrip('?'))}")
        assert isinstance(response, Response)  # noqa: S101
        return response
    if isinstance(error, SignInRequired) and (page := await _sign_in_again()):
        return Response(page, error.status, content_type="text/html; charset=utf-8")
    fields = error.fields if isinstance(error, Invalid) else {}
    response = await _answer(error.status, error.message, fields)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after_seconds)
    return response


async def _sign_in_again() -> str:
    """The sign-in page that carries along what was typed, when a form was sent by a browser."""
    if request.method != "POST" or wants_json() or fragment_wanted():
        return ""
    form = await request.form
    return await kept.pages[0](form) if kept.pages and kept.is_kept(form) else ""


async def _standard(error: HTTPException) -> Response:
    status = error.code or 500
    messages = {
        404: _("This page does not exist, or not any more."),
        405: _("This address does not accept that."),
        413: _("What you sent is too large. Send it in smaller pieces."),
    }
    return await _answer(status, messages.get(status, _("The request could not be understood.")))


async def _unknown(error: Exception) -> Response:
    log.error("unexpected error", exc_info=error)
    return await _answer(
        500, _("Something went wrong on our side. It has been noted; what you wrote is kept.")
    )


def wants_json() -> bool:
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], "text/html")
    return best == "application/json" or request.mimetype == "application/json"


async def _answer(status: int, message: str, fields: dict[str, str] | None = None) -> Response:
    reference = logs.bound("request")
    if wants_json():
        problem = {
            "status": status,
            "title": message,
            "fields": fields or {},
            "instance": reference,
        }
        return Response(orjson.dumps(problem), status, content_type="application/problem+json")
    # The bare frame asks no database: it must stand when the database does not.
    template = "web/_error.html" if fragment_wanted() else "web/error.html"
    try:
        body = await partial(
            template, status=status, message=message, fields=fields or {}, reference=reference,
            shell=Shell(path=request.path), scheme="",
        )  # fmt: skip
    except Exception:  # boundary: a theme's broken template must not hide the answer
        log.exception("the error page cannot be rendered")
        body = f"<!doctype html><title>{status}</title><h1>{escape(message)}</h1><p>{reference}</p>"
    return Response(body, status, content_type="text/html; charset=utf-8")
