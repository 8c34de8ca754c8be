"""What features above lay over people: tabs of a profile, and buttons on the list of people."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from rse.identity.models import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileTab:
    """`load(reader, person, cursor)` gives the template its finished values.

    `title` is a gettext message id. `more` is the template of a script's next piece of the list.
    """

    name: str
    title: str
    template: str
    more: str = ""
    load: Callable[[Person, Person, int | None], Awaitable[Mapping[str, object]]]


profile_tabs: dict[str, ProfileTab] = {}


def add_profile_tab(tab: ProfileTab) -> None:
    """Show a tab on every profile. Doing it twice changes nothing."""
    profile_tabs[tab.name] = tab


class DirectoryLink(NamedTuple):
    """One more way to find people. `label` is a gettext message id."""

    label: str
    url: str
    icon: str


directory_links: dict[str, DirectoryLink] = {}
