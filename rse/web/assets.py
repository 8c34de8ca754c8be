"""Static files under an address that changes with their content, so that browsers keep them."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from quart import Blueprint, Response

from rse.kernel.errors import NotFound
from rse.kernel.i18n import gettext as _

FOLDER = Path(__file__).resolve().parent / "static"
IMMUTABLE = "public, max-age=31536000, immutable"
TYPES = {
    ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml", ".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8",
}  # fmt: skip
LAYERS = "@layer reset,tokens,brand,base,layout,components,utilities,theme;\n"
# In the order of their layers; inside a layer, the order in which they may build on each other.
STYLES = (
    "fonts", "reset", "tokens", "base", "layout", "nav", "buttons", "chips", "fields", "tabs",
    "cards", "menus", "post", "composer", "comments", "files", "aside", "space", "people", "search",
    "tables", "admin", "bare", "notices", "utilities", "responsive",
)  # fmt: skip
# What each page needs at once; app.js imports the rest when their element appears.
MODULES = ("js/app.js", "js/time.js", "js/forms.js", "js/morph-guard.js", "js/live.js")


@dataclass(frozen=True, slots=True)
class Asset:
    body: bytes
    content_type: str


blueprint = Blueprint("assets", __name__)


@blueprint.get("/static/<digest>/<path:name>")
async def static_file(digest: str, name: str) -> Response:
    """A file; an old address still answers, for pages that were open during an upgrade."""
    found = files().get(name)
    if found is None:
        raise NotFound(_("This file does not exist."))
    response = Response(found.body, content_type=found.content_type)
    fresh = digest == content_hash()
    response.headers["Cache-Control"] = IMMUTABLE if fresh else "no-cache"
    return response


def asset(name: str) -> str:
    """The address of a static file; a name that does not exist is a mistake in a template."""
    if name not in files():
        raise LookupError(f"no static file {name}")
    return f"/static/{content_hash()}/{name}"


def modules() -> tuple[str, ...]:
    """Scripts worth fetching before they are asked for."""
    return MODULES


@cache
def files() -> dict[str, Asset]:
    """Every static file, read once, and the stylesheet joined from its parts."""
    found = {name: Asset(path.read_bytes(), TYPES[path.suffix]) for name, path in _served()}
    found["app.css"] = Asset(stylesheet().encode(), TYPES[".css"])
    return found


@cache
def content_hash() -> str:
    digest = hashlib.sha256()
    for name, file in sorted(files().items()):
        digest.update(name.encode() + b"\0" + file.body)
    return digest.hexdigest()[:16]


@cache
def stylesheet() -> str:
    parts = ((FOLDER / "css" / f"{name}.css").read_text(encoding="utf-8") for name in STYLES)
    return LAYERS + "".join(parts)


def _served() -> Iterator[tuple[str, Path]]:
    for path in FOLDER.rglob("*"):
        name = path.relative_to(FOLDER).as_posix()
        if path.is_file() and path.suffix in TYPES and not name.startswith("css/"):
            yield name, path
