"""What every template may call."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from markupsafe import Markup

from rse.kernel import i18n
from rse.kernel.clock import now
from rse.kernel.ids import to_public

from . import assets
from .icons import icon
from .shell import NavItem

CATEGORIES = 12
# No style element; going back asks the server; a refusal is told (forms.js), never swapped in.
HTMX = {
    "includeIndicatorCSS": False, "history": "reload", "defaultSwap": "outerMorph",
    "defaultTimeout": 20000, "mode": "same-origin", "extensions": "morph-guard",
    "noSwap": [204, 304, "4xx", "5xx"],
}  # fmt: skip
SWAPS = {
    "outer": "outerMorph", "inner": "innerMorph", "replace": "outerHTML",
    "end": "beforeend", "before": "beforebegin", "after": "afterend", "none": "none",
}  # fmt: skip
LANGUAGE_NAMES = {"en": "English", "fr": "Français", "de": "Deutsch"}
FILE_CATEGORIES = {
    "pdf": 1, "doc": 10, "docx": 10, "odt": 10, "txt": 10, "md": 10, "xls": 6, "xlsx": 6,
    "ods": 6, "csv": 6, "ppt": 2, "pptx": 2, "odp": 2, "png": 11, "jpg": 11, "jpeg": 11,
    "gif": 11, "webp": 11, "svg": 11, "zip": 3, "gz": 3, "mp4": 12, "mp3": 12,
}  # fmt: skip


@lru_cache(4096)
def fragment(
    *,
    get: str = "",
    post: str = "",
    target: str = "this",
    swap: str = "outer",
    **more: str,
) -> Markup:
    """The attributes that let a script fetch a piece of the page instead of all of it.

    `more`: trigger, select, push ("true") and confirm. The only place that knows htmx's names.
    """
    attributes = {
        "hx-get": get,
        "hx-post": post,
        "hx-target": target,
        "hx-swap": SWAPS[swap],
    }
    names = {
        "trigger": "hx-trigger",
        "select": "hx-select",
        "push": "hx-push-url",
        "confirm": "hx-confirm",
    }
    attributes |= {names[name]: value for name, value in more.items()}
    return Markup(" ").join(
        Markup('{}="{}"').format(name, value) for name, value in attributes.items() if value
    )


def category(number: int) -> str:
    """The class of one of the twelve category hues; the same thing always has the same."""
    # The low bits of an id count within a millisecond: the time part spreads better.
    return f"cat-{(number >> 22) % CATEGORIES + 1 if number > 1 << 22 else number % CATEGORIES + 1}"


def initials(name: str, most: int = 2) -> str:
    """The first letters of the first and last word."""
    words = [word for word in name.split() if word[0].isalnum()] or [name.strip() or "?"]
    chosen = words if len(words) < 2 or most < 2 else [words[0], words[-1]]
    return "".join(word[0] for word in chosen[:most]).upper()


def person_url(person_id: int) -> str:
    return f"/people/{to_public(person_id)}"


def avatar_url(person_id: int, digest: str) -> str:
    """A picture's address changes with the picture."""
    return f"{person_url(person_id)}/avatar/{digest[:16]}"


def nearest(items: Sequence[NavItem], path: str) -> str:
    """The address of the link that leads to the open page, or to the closest one above it."""
    above = [item.url for item in items if _leads(item.url, path)]
    return max(above, key=len, default="")


def _leads(url: str, path: str) -> bool:
    return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))


def extension(name: str) -> str:
    """The short form of a file's kind."""
    _, dot, end = name.rpartition(".")
    return end[:4].upper() if dot and end.isalnum() else ""


def file_category(name: str) -> str:
    return f"cat-{FILE_CATEGORIES.get(extension(name).lower(), 8)}"


def languages() -> list[tuple[str, str]]:
    return [(code, LANGUAGE_NAMES[code]) for code in i18n.LANGUAGES]


def relative(moment: datetime) -> str:
    return i18n.format_relative(moment, now())


def iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def without(values: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """A mapping without some of its keys."""
    return {name: value for name, value in values.items() if name not in names}


GLOBALS: dict[str, Any] = {
    "asset": assets.asset, "modules": assets.modules, "icon": icon, "_icon": icon,
    "fragment": fragment, "_fragment": fragment, "category": category, "initials": initials,
    "person_url": person_url, "avatar_url": avatar_url, "nearest": nearest, "extension": extension,
    "file_category": file_category, "languages": languages,
    "htmx_config": orjson.dumps(HTMX).decode(),
}  # fmt: skip
FILTERS: dict[str, Callable[..., Any]] = {
    "relative": relative, "iso": iso, "datetime": i18n.format_datetime, "date": i18n.format_date,
    "number": i18n.format_number, "size": i18n.format_size, "public": to_public,
    "without": without, "and_list": i18n.format_list,
}  # fmt: skip
