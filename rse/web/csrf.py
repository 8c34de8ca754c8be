"""Protection against forms that other sites send: a token bound to the browser's session."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import urlsplit

from markupsafe import Markup
from quart import current_app, request

from rse.identity.current import current_session
from rse.kernel.crypto import mac, same, secret
from rse.kernel.errors import NotAllowed, SignInRequired
from rse.kernel.i18n import gettext as _

from . import marks
from .kept import WRITER

FIELD, HEADER = "_csrf", "X-CSRF-Token"
SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
ViewT = TypeVar("ViewT", bound=Callable[..., Any])


def csrf_exempt(view: ViewT) -> ViewT:
    """Mark a view that proves its sender otherwise: a signature, a token of its own."""
    view.csrf_exempt = True  # type: ignore[attr-defined]
    return view


def csrf_token() -> str:
    """The token of this browser's session; before sign-in it is bound to the instance alone."""
    session = current_session()
    return _token(secret("csrf"), session.token_key if session else "anonymous")


@lru_cache(4096)
def _token(key: bytes, session: str) -> str:
    return mac(key, session).hex()[:40]


# The same in every page: the token takes the mark's place when the page is sent.
_FIELD = Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, marks.FORM_TOKEN)


def csrf() -> Markup:
    """The hidden field of a form."""
    return _FIELD


async def check_csrf() -> None:
    """Refuse an unsafe request that another site could have sent."""
    if _is_exempt():
        return
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    # Before sign-in the token is everybody's: what tells another site's form is its origin.
    if site not in {"same-origin", "none"} or (origin and urlsplit(origin).netloc != request.host):
        raise NotAllowed(_("This form was sent from another site. Open the page and try again."))
    sent = request.headers.get(HEADER, "") or str((await request.form).get(FIELD, ""))
    if not same(sent, csrf_token()):
        if current_session() is None and WRITER in await request.form:
            raise SignInRequired(_("Your session has ended. Sign in again to go on."))
        raise NotAllowed(
            _("Your session has changed since this page was opened. Reload it and send again.")
        )


def _is_exempt() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return view is None or getattr(view, "csrf_exempt", False)
