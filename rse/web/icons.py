"""Icons by name, from one sprite: Lucide's names, on a grid of 24."""

import logging
import re
from functools import cache, lru_cache

from markupsafe import Markup

from .assets import FOLDER, asset

SPRITE = "vendor/icons.svg"
log = logging.getLogger(__name__)


@lru_cache(4096)
def icon(name: str, label: str = "", cls: str = "") -> Markup:
    """An icon; decoration unless it has a label. An unknown name shows nothing and is logged."""
    if name not in names():
        log.error("no such icon: %s", name)
        return Markup("")
    classes = f"i i-{name} {cls}".strip()
    title = Markup(' role="img" aria-label="{}"').format(label) if label else Markup(
        ' aria-hidden="true"'
    )  # fmt: skip
    return Markup('<svg class="{}"{}><use href="{}#{}"/></svg>').format(
        classes, title, asset(SPRITE), name
    )


@cache
def names() -> frozenset[str]:
    """Every icon there is."""
    text = (FOLDER / SPRITE).read_text(encoding="utf-8")
    return frozenset(re.findall(r'<symbol id="([^"]+)"', text))
