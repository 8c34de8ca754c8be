"""The headers of every answer: what a browser may do with our pages."""

from functools import lru_cache

from quart import Request, Response
from quart.utils import encode_headers
from werkzeug.wrappers import Response as WerkzeugResponse

from rse.config import settings
from rse.identity.current import current_session
from rse.kernel.crypto import mac, secret

Pair = tuple[bytes, bytes]
POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    b"img-src 'self' data: blob:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    b"frame-ancestors 'self'; manifest-src 'self'; worker-src 'self'; object-src 'none'; "
    b"require-trusted-types-for 'script'; trusted-types default"
)
# As they are sent: names in small letters, as bytes, made once.
ALWAYS: tuple[Pair, ...] = (
    (b"content-security-policy", POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=()"),
)
SECURE: Pair = (b"strict-transport-security", b"max-age=31536000")
# A page of a person is never stored on the way.
PRIVATE: tuple[Pair, ...] = (
    (b"cache-control", b"no-store"),
    (b"vary", b"accept, cookie, hx-request"),
)


def headers_of(request: Request, response: Response | WerkzeugResponse) -> list[Pair]:
    """All headers of an answer: what a view said itself stands, what is missing is added."""
    said = encode_headers(response.headers)
    names = {name for name, _value in said}
    return said + [pair for pair in _wanted(request, response) if pair[0] not in names]


def _wanted(request: Request, response: Response | WerkzeugResponse) -> list[Pair]:
    wanted = [*ALWAYS, SECURE] if settings().secure else [*ALWAYS]
    is_page = (response.content_type or "").startswith("text/html")
    if is_page and (session := current_session()):
        # The service worker keeps visited pages under this name, and for this session alone.
        wanted.append((b"page-session", _page_session(secret("page-session"), session.token_key)))
    if is_page or request.method != "GET":
        wanted += PRIVATE
    return wanted


@lru_cache(4096)
def _page_session(key: bytes, session: str) -> bytes:
    return mac(key, session).hex()[:16].encode()
