"""Asks a page what it says of itself: guarded, without cookies, within bounds of size and time."""

import asyncio
from dataclasses import dataclass
from urllib.parse import urljoin

from rse.config import settings
from rse.files.pictures import Picture, picture, true_type
from rse.kernel.errors import RseError
from rse.kernel.http import Answer, Client

from . import rules

MAX_HOPS = 3
MAX_PAGE_BYTES = 2_000_000
MAX_PICTURE_BYTES = 5_000_000
TOTAL_SECONDS = 8.0
ONE_SECONDS = 5.0
PICTURE_WIDTH = 640
_REDIRECTS = {301, 302, 303, 307, 308}
# « identity »: a small answer must not unfold to a large one.
_HEADERS = {"Accept-Encoding": "identity", "Accept": "text/html,image/*;q=0.8"}

_client: Client | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a page says, and its picture, made anew by us."""

    page: rules.Page
    picture: Picture | None


async def open_client() -> None:
    """A client of its own: a partner's private network is not for whoever writes a post."""
    global _client  # noqa: PLW0603 - one client per process
    _client = Client(settings().previews.allowed_private, "Mozilla/5.0 (compatible; link preview)")


async def close_client() -> None:
    if _client:
        await _client.close()


async def look_at(url: str) -> Found | None:
    """The page behind an address; None when it has nothing to say, or does not answer well."""
    try:
        async with asyncio.timeout(TOTAL_SECONDS):
            answer, final = await _get(url, MAX_PAGE_BYTES)
            kind, _semicolon, rest = answer.headers.get("content-type", "").partition(";")
            if kind.strip().casefold() not in {"text/html", "application/xhtml+xml"}:
                return None
            charset = rest.partition("charset=")[2].strip(" \"'")[:30]
            page = await asyncio.to_thread(rules.read_page, answer.body, charset, final)
            return Found(page, await _picture_of(page)) if page.title else None
    except (RseError, TimeoutError):
        return None


async def _picture_of(page: rules.Page) -> Picture | None:
    """The page's picture; a page stands without one when it is late, broken or a bomb."""
    if not page.picture_url:
        return None
    try:
        answer, _final = await _get(page.picture_url, MAX_PICTURE_BYTES)
        media_type = true_type("", answer.body[:512])
        return await asyncio.to_thread(picture, answer.body, media_type, PICTURE_WIDTH)
    except RseError:
        return None


async def _get(url: str, max_bytes: int) -> tuple[Answer, str]:
    """The answer and its address, after at most three redirects, each checked like the first."""
    assert _client is not None  # noqa: S101 - opened at start
    for _hop in range(MAX_HOPS + 1):
        if not rules.may_fetch(url):
            break
        answer = await _client.request(
            "GET", url, headers=_HEADERS, max_bytes=max_bytes, timeout_seconds=ONE_SECONDS
        )
        if answer.status == 200 and "content-encoding" not in answer.headers:
            return answer, url
        if answer.status not in _REDIRECTS or "location" not in answer.headers:
            break
        url = urljoin(url, answer.headers["location"])
    raise RseError("no page")
