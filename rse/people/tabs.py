"""Tabs of a profile beside About: brought by the features that know what somebody did."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

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
