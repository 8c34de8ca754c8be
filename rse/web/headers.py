"""The headers of every answer: what a browser may do with our pages."""

import logging

from quart import Response, request

from rse.config import settings
from rse.identity.current import current_session
from rse.kernel.crypto import mac, secret

log = logging.getLogger(__name__)

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'self'; manifest-src 'self'; worker-src 'self'; object-src 'none'; "
    "require-trusted-types-for 'script'; trusted-types default"
)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}


async def add_headers(response: Response) -> Response:
    """Add what is missing; a page of a person is never stored on the way."""
    for name, value in ALWAYS.items():
        response.headers.setdefault(name, value)
    if settings().secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if response.mimetype == "text/html" and (session := current_session()):
        # The service worker keeps visited pages under this name, and for this session alone.
        name = mac(secret("page-session"), session.token_key).hex()[:16]
        response.headers.setdefault("Page-Session", name)
    if response.mimetype == "text/html" or request.method != "GET":
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Vary", "Cookie, HX-Request")
    # The route's name, never the address: addresses hold ids and search words.
    log.info("answered", extra={"route": request.endpoint or "", "status": response.status_code})
    return response
