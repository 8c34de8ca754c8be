"""What the page of results was asked for: the query and the facets chosen beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from rse.kernel import clock
from rse.kernel.errors import NotFound
from rse.kernel.ids import at_time, parse_public, to_public
from rse.kernel.pages import NEWEST

from .documents import declared
from .query import LONGEST_QUERY

BEST, NEWEST_FIRST = "best", "newest"
DAYS = {"week": 7, "month": 31, "year": 366}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One address of the page of results."""

    text: str = ""
    kind: str = ""
    space_id: int | None = None
    author_id: int | None = None
    company_id: int | None = None
    when: str = ""
    sort: str = BEST
    cursor: str = ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.kind or self.space_id or self.author_id or self.company_id or self.when)

    @property
    def after_id(self) -> int:
        days = DAYS.get(self.when)
        return first_id_of(days, clock.now()) if days else 0

    @property
    def choices(self) -> int:
        """How many facets are chosen."""
        chosen = (self.kind, self.space_id, self.author_id, self.company_id, self.when)
        return sum(bool(one) for one in chosen)

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
            "company": to_public(self.company_id) if self.company_id else "",
            "when": self.when,
            "sort": self.sort if self.sort != BEST else "",
            "cursor": self.cursor,
        }
        chosen = {name: value for name, value in values.items() if value}
        return f"/search?{urlencode(chosen)}" if chosen else "/search"


def read(given: Mapping[str, str]) -> Asked:
    """An address, read kindly: what makes no sense in it counts as not chosen."""
    kind, when = given.get("kind", ""), given.get("when", "")
    return Asked(
        text=given.get("q", "")[:LONGEST_QUERY].strip(),
        kind=kind if kind in declared else "",
        space_id=public_or_none(given.get("space", "")),
        author_id=public_or_none(given.get("author", "")),
        company_id=public_or_none(given.get("company", "")),
        when=when if when in DAYS else "",
        sort=NEWEST_FIRST if given.get("sort") == NEWEST_FIRST else BEST,
        cursor=given.get("cursor", "")[:40],
    )


def first_id_of(days: int, now: datetime) -> int:
    """The id at which the last `days` days begin."""
    return at_time(now - timedelta(days=days))


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
