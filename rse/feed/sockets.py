"""What features above the feed lay over its cards and lists; it knows their shape, not them."""

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rse.identity.models import Person
from rse.kernel.i18n import N_
from rse.spaces.queries import SpaceView

from .rows import PostRow

HEAD, FOOT, ACTS, MENU = "head", "foot", "acts", "menu"
Load = Callable[[Person, Sequence[PostRow], Mapping[int, bool]], Awaitable[Mapping[int, Hashable]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPart:
    """A fragment of cards, by place: HEAD, FOOT, ACTS or MENU.

    `load(reader, rows, moderated)` answers for all cards of a page at once; a card it says nothing
    of has no such part. The templates get `value` (what was loaded), `row`, `id` and `url`.

    A finished card is kept and shown to whoever has equal values, so a template shows its value and
    the row, and nothing else: no clock, no session, no setting that changes. Values are small and
    hashable: a bool, a NamedTuple.
    """

    templates: Mapping[str, str]
    load: Load
    # Whether a card with this part stands out from the others.
    is_pin: bool = False


class Link(NamedTuple):
    """One more way to write in a space."""

    label: str
    url: str
    icon: str


class ComposeButton(NamedTuple):
    """One more thing to do with what stands in the composer. `label` is a gettext message id."""

    label: str
    url: str
    icon: str


HomeTop = Callable[[Person], Awaitable[Sequence[int]]]
SpaceTop = Callable[[int], Awaitable[Sequence[int]]]
WriteLinks = Callable[[Person, SpaceView], Awaitable[Sequence[Link]]]


@dataclass(frozen=True, slots=True)
class HomePanel:
    """A card above the composer of home. `load` is one cheap read; None: no card this time.

    The template gets `value`, what was loaded.
    """

    template: str
    load: Callable[[Person], Awaitable[object | None]]


card_parts: dict[str, CardPart] = {}
# Post ids that stand above the others.
home_tops: dict[str, HomeTop] = {}
space_tops: dict[str, SpaceTop] = {}
write_links: dict[str, WriteLinks] = {}
home_panels: dict[str, HomePanel] = {}
compose_buttons: dict[str, ComposeButton] = {}
# Where a kind of post is edited, when that takes more than its words: "announcements".
edit_pages: dict[str, str] = {}
# What lists can be filtered by: a kind of post and its gettext message id.
post_kinds: dict[str, str] = {"post": N_("Posts")}


async def top_of_home(person: Person) -> list[int]:
    """Each id once, in the order of the features."""
    found = [number for top in home_tops.values() for number in await top(person)]
    return list(dict.fromkeys(found))


async def panels_of_home(person: Person) -> list[tuple[str, object]]:
    """What is to be shown above the composer, in the order of the features."""
    loaded = [(panel.template, await panel.load(person)) for panel in home_panels.values()]
    return [(template, value) for template, value in loaded if value is not None]


async def top_of_space(space_id: int) -> list[int]:
    found = [number for top in space_tops.values() for number in await top(space_id)]
    return list(dict.fromkeys(found))


async def links_for(person: Person, view: SpaceView) -> list[Link]:
    return [link for links in write_links.values() for link in await links(person, view)]
