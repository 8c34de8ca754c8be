"""The cookie that carries a session, and the language of a request."""

import ipaddress
import zlib
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, TypeVar

from quart import Request, Response, current_app, request

from rse.config import settings
from rse.identity.community import community
from rse.identity.current import set_current_session
from rse.identity.sessions import LIFETIME, session_for
from rse.kernel import i18n, logs, reads
from rse.kernel.crypto import token
from rse.kernel.errors import NotFound
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import new_id, to_public

from .csrf import SAFE, check_csrf

ViewT = TypeVar("ViewT", bound=Callable[..., Any])
SCHEMES = {"light", "dark"}

_opened: ContextVar[int] = ContextVar("request_opened", default=1)


def cookie_name(purpose: str) -> str:
    """Ports share cookies: each instance of a host has names of its own."""
    if settings().secure:
        return f"__Host-{purpose}"
    return f"{purpose}-{zlib.crc32(settings().origin.encode()):08x}"


def between_machines(view: ViewT) -> ViewT:
    """Mark a view that nobody at a browser asks for: it has no session and no language."""
    view.between_machines = True  # type: ignore[attr-defined]
    return view


def opened_at() -> str:
    """The moment a request came in, as an id: what happened since is perhaps not on its page."""
    return to_public(_opened.get())


async def open_request() -> None:
    """Name the request for the logs, find out who asks, in which language, and from what page."""
    asked: Request = request._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    logs.bind(request=token(6))
    _opened.set(new_id())
    reads.begin_request()
    if "\0" in asked.path or b"%00" in asked.query_string:
        raise NotFound(_("This page does not exist, or not any more."))  # no database keeps a NUL
    view = current_app.view_functions.get(asked.endpoint or "")
    if getattr(view, "between_machines", False):
        set_current_session(None)
        return
    session = await session_for(asked.cookies.get(cookie_name("session"), ""))
    set_current_session(session)
    if session:
        i18n.use(session.account.person.language, session.account.person.timezone)
    else:
        live = await community()
        i18n.use(_language_before_sign_in(live.language), live.timezone)
    if asked.method not in SAFE:
        await check_csrf()


def _language_before_sign_in(usual: str) -> str:
    asked = request.cookies.get(cookie_name("language"), "")
    if asked in i18n.LANGUAGES:
        return asked
    return request.accept_languages.best_match(i18n.LANGUAGES) or usual


def set_cookie(response: Response, purpose: str, value: str, *, seconds: int) -> None:
    """An HttpOnly, SameSite cookie, Secure wherever the instance is."""
    response.set_cookie(
        cookie_name(purpose), value, max_age=seconds, path="/", httponly=True,
        secure=settings().secure, samesite="Lax",
    )  # fmt: skip


def remember_session(response: Response, session_token: str) -> None:
    set_cookie(response, "session", session_token, seconds=int(LIFETIME.total_seconds()))


def forget_session(response: Response) -> None:
    response.delete_cookie(
        cookie_name("session"), path="/", secure=settings().secure, httponly=True, samesite="Lax"
    )


def client_address() -> str:
    """The address of the browser; forwarded ones are believed only from our own proxies."""
    direct = request.remote_addr or ""
    trusted = [ipaddress.ip_network(text) for text in settings().server.trusted_proxies]
    if not trusted or not _inside(direct, trusted):
        return direct
    for address in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
        if address.strip() and not _inside(address.strip(), trusted):
            return address.strip()
    return direct


def _inside(text: str, networks: list[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return any(address.version == net.version and address in net for net in networks)


def client_network() -> str:
    """The browser's network, for limits and the list of sessions: never the full address."""
    try:
        address = ipaddress.ip_address(client_address())
    except ValueError:
        return ""
    width = 24 if address.version == 4 else 48
    return str(ipaddress.ip_network(f"{address}/{width}", strict=False))
