"""What a reader wants to see of a feed, from the address to the forms that change it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from quart import request

from rse.feed import queries
from rse.feed.last_day import day_of
from rse.feed.rows import Visit
from rse.feed.sockets import post_kinds
from rse.feed.streams import (
    ALL,
    BY_ACTIVITY,
    BY_NEWEST,
    FOLLOWED,
    PARTNER,
    SORTED,
    UNREAD,
    VIEWS,
    Wish,
)
from rse.identity.models import ACTIVE, Person
from rse.kernel.errors import NotFound
from rse.kernel.i18n import current_zone
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import at_time, parse_public, to_public
from rse.kernel.pages import NEWEST

NAMES = ("kind", "author", "since", "until")
Option = tuple[str, str]


@dataclass(slots=True)
class Filters:
    """What was typed to filter by, what it means, and what is wrong with it."""

    typed: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    author: Person | None = None

    @property
    def is_on(self) -> bool:
        return any(self.typed.values())

    @property
    def kinds(self) -> list[Option]:
        return [("", _("All")), *((name, _(title)) for name, title in post_kinds.items())]

    @property
    def query(self) -> dict[str, str]:
        return {name: value for name, value in self.typed.items() if value}


@dataclass(frozen=True, slots=True)
class Asked:
    """A wish and the form that shows it. `place` is the page's own address."""

    wish: Wish
    filters: Filters
    place: str

    def url(self, **changed: str) -> str:
        """The same list with something changed; the sort of the reader is remembered, not said."""
        query = {**self._scope(), **self.filters.query, **changed}
        return f"{self.place}?{urlencode(query)}" if query else self.place

    def _scope(self) -> dict[str, str]:
        if self.place != "/":
            return {}
        partner = {"of": to_public(self.wish.scope_id)} if self.wish.view == PARTNER else {}
        return {"view": self.wish.view, **partner}

    @property
    def everything(self) -> str:
        """The same list without filters."""
        scope = self._scope()
        return f"{self.place}?{urlencode(scope)}" if scope else self.place

    @property
    def newest_url(self) -> str:
        """The top of the list as it is now."""
        return self.url()

    @property
    def empty_words(self) -> str:
        """What to do about an empty list."""
        if self.filters.is_on:
            return _("Widen the filter, or show everything.")
        if self.wish.view == FOLLOWED:
            return _("Follow people on their pages, and read here what they write.")
        return _("What comes will stand here.")

    @property
    def orders(self) -> list[tuple[str, str, bool]]:
        """The orders one may choose, as links; none where there is one alone."""
        if self.wish.view not in SORTED:
            return []
        named = ((BY_NEWEST, _("Newest first")), (BY_ACTIVITY, _("Latest activity")))
        return [(label, self.url(sort=key), key == self.wish.sort) for key, label in named]

    @property
    def shows_all(self) -> bool:
        """Whether nothing newer than the oldest post shown is left out."""
        newest = self.wish.view == UNREAD or self.wish.sort == BY_NEWEST
        return self.wish.view in (ALL, UNREAD) and newest and not self.filters.is_on

    @property
    def by_activity(self) -> bool:
        return self.wish.sort == BY_ACTIVITY and self.wish.view in SORTED


async def asked(place: str, visit: Visit | None, wish: Wish | None = None) -> Asked:
    """The wish of this request: what its address says, else what the reader chose before."""
    arguments = request.args.to_dict()
    chosen = wish or _view(arguments, visit)
    sort = arguments.get("sort", visit.sort if visit else BY_NEWEST)
    chosen = replace(chosen, sort=sort if sort in (BY_NEWEST, BY_ACTIVITY) else BY_NEWEST)
    filters = Filters({name: arguments.get(name, "").strip()[:80] for name in NAMES})
    return Asked(await _filtered(chosen, filters), filters, place)


def _view(arguments: Mapping[str, str], visit: Visit | None) -> Wish:
    remembered, _colon, of = (visit.view if visit else "all").partition(":")
    view, of = (arguments["view"], arguments.get("of", "")) if "view" in arguments else (
        remembered, of
    )  # fmt: skip
    if view not in VIEWS:
        return Wish()
    try:
        return Wish(view=view, scope_id=parse_public(of)) if view == PARTNER else Wish(view=view)
    except NotFound:
        return Wish()


def remembered_view(wish: Wish) -> str:
    """The view as it is kept for the next visit."""
    return f"{PARTNER}:{to_public(wish.scope_id)}" if wish.view == PARTNER else wish.view


async def _filtered(wish: Wish, filters: Filters) -> Wish:
    typed = filters.typed
    if typed["kind"] not in ("", *post_kinds):
        typed["kind"] = ""
    since, until = (_moment(filters, name) for name in ("since", "until"))
    filters.author = await _author(filters)
    return replace(
        wish,
        kind=typed["kind"],
        author_id=filters.author.id if filters.author else 0,
        since_id=at_time(since) if since else 0,
        until_id=at_time(until + timedelta(days=1)) if until else NEWEST,
    )


def _moment(filters: Filters, name: str) -> datetime | None:
    """The beginning of a day where the reader is."""
    try:
        day = day_of(filters.typed[name])
    except ValueError as error:
        filters.errors[name] = str(error)
        return None
    return datetime.combine(day, time(), ZoneInfo(current_zone())) if day else None


async def _author(filters: Filters) -> Person | None:
    """Who is meant by a name or handle; a sentence when it is nobody, or not one alone."""
    typed = filters.typed["author"]
    if not typed:
        return None
    found = await queries.people_called(typed)
    if len(found) == 1:
        return found[0]
    if not found:
        filters.errors["author"] = _("Nobody has this name. Write it as on their page.")
    else:
        names = ", ".join(f"@{person.handle}" for person in found if person.status == ACTIVE)
        filters.errors["author"] = _("Several people have this name: %(names)s.", names=names)
    return None
