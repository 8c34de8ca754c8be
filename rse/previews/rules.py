"""Which link of a post is previewed, and what a page says of itself; pure functions."""

import re
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from rse.kernel.text import clean_line

MAX_URL = 2000
READ_CHARACTERS = 400_000
_HREF = re.compile(r'<a [^>]*?href="(https?://[^"]+)"')
_CHARSET = re.compile(rb"""<meta[^>]+charset=["']?([a-zA-Z0-9_-]{2,30})""")
# Said best first.
_TITLES = ("og:title", "twitter:title")
_DESCRIPTIONS = ("og:description", "twitter:description", "description")
_PICTURES = ("og:image:secure_url", "og:image", "twitter:image")


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says of itself."""

    title: str
    description: str
    site: str
    picture_url: str


def first_link(html: str, own_host: str) -> str:
    """The first address in a post that leads outside; empty without one."""
    for found in _HREF.findall(html):
        url = unescape(found)
        if may_fetch(url) and urlsplit(url).netloc != own_host:
            return url.partition("#")[0]
    return ""


def may_fetch(url: str) -> bool:
    """Web addresses without a name and password in them, which would be sent along."""
    try:
        parts = urlsplit(url)
        port_is_sound = parts.port != 0
    except ValueError:
        return False
    return (
        parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
        and len(url) <= MAX_URL and port_is_sound and url.isprintable() and " " not in url
    )  # fmt: skip


def read_page(content: bytes, charset: str, url: str) -> Page:
    """Title, description and picture from a page's head."""
    reader = _Head()
    reader.feed(_decoded(content, charset)[:READ_CHARACTERS])
    host = urlsplit(url).hostname or ""
    picture = urljoin(url, reader.first(_PICTURES)) if reader.first(_PICTURES) else ""
    return Page(
        title=clean_line(reader.first(_TITLES) or reader.title, 200),
        description=clean_line(reader.first(_DESCRIPTIONS), 300),
        site=clean_line(reader.first(("og:site_name",)) or host.removeprefix("www."), 100),
        picture_url=picture if may_fetch(picture) else "",
    )


def _decoded(content: bytes, charset: str) -> str:
    said = _CHARSET.search(content[:4096])
    name = charset or (said.group(1).decode("ascii") if said else "utf-8")
    try:
        return content.decode(name, "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


class _Head(HTMLParser):
    """Reads <title> and <meta> of the head; what a page's body says is not asked."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self._said: dict[str, str] = {}
        self._in_title = self._is_over = False

    def first(self, names: tuple[str, ...]) -> str:
        return next((self._said[name] for name in names if self._said.get(name)), "")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            self._is_over = True
        self._in_title = tag == "title" and not self._is_over and not self.title
        if tag == "meta" and not self._is_over:
            said = {name: value or "" for name, value in attrs}
            name = (said.get("property") or said.get("name") or "").casefold()
            if name and len(name) < 40:
                self._said.setdefault(name, said.get("content", "")[:MAX_URL].strip())

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data[:500]
