"""What the page of results was asked for: the query and the facets chosen beside it."""

from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlencode

from rse.kernel import clock
from rse.kernel.errors import NotFound
from rse.kernel.ids import at_time, parse_public, to_public
from rse.kernel.pages import NEWEST

BEST, NEWEST_FIRST = "best", "newest"
DAYS = {"week": 7, "month": 31, "year": 366}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One address of the page of results."""

    text: str = ""
    kind: str = ""
    space_id: int | None = None
    author_id: int | None = None
    when: str = ""
    sort: str = BEST
    cursor: str = ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.kind or self.space_id or self.author_id or self.when)

    @property
    def after_id(self) -> int:
        days = DAYS.get(self.when)
        return at_time(clock.now() - timedelta(days=days)) if days else 0

    def but(self, **changes: str | int | None) -> "Asked":
        """The first page of the same with something else chosen."""
        return replace(self, cursor="", **changes)  # type: ignore[arg-type]

    @property
    def url(self) -> str:
        """Its address; what is not chosen is not in it."""
        values = {
            "q": self.text,
            "kind": self.kind,
            "space": to_public(self.space_id) if self.space_id else "",
            "author": to_public(self.author_id) if self.author_id else "",
            "when": self.when,
            "sort": self.sort if self.sort != BEST else "",
            "cursor": self.cursor,
        }
        chosen = {name: value for name, value in values.items() if value}
        return f"/search?{urlencode(chosen)}" if chosen else "/search"


def public_or_none(text: str) -> int | None:
    """An id of the address; one that cannot be is as good as none."""
    try:
        return parse_public(text) if text else None
    except NotFound:
        return None


def place_in_ranking(cursor: str) -> tuple[int, int]:
    """Before which id was ranked, and how many results were shown: an unreadable cursor is none."""
    anchor, _dot, shown = cursor.partition(".")
    before = public_or_none(anchor)
    if before is None or not (shown.isascii() and shown.isdigit() and len(shown) < 4):
        return NEWEST, 0
    return before, int(shown)


def ranking_cursor(before: int, shown: int) -> str:
    return f"{to_public(before)}.{shown}"
