"""The pages of notices: the list, the settings, how much of one thread or space one hears."""

from collections.abc import Sequence

from rse.identity.models import Person
from rse.kernel.i18n import gettext as _
from rse.notifications import queries
from rse.web.shell import Counted, NavItem

from . import levels, listing, settings
from .blueprint import LIST, SETTINGS, blueprint

__all__ = ["blueprint", "count_for_bell", "levels", "listing", "navigation", "settings"]


async def count_for_bell(person: Person) -> Counted:
    """The number of the bell, and whether mail reaches the person at all: one read."""
    bell = await queries.bell_of(person.id)
    return Counted(bell.unread, is_mail_off=bool(bell.is_mail_off))


async def navigation(person: Person) -> Sequence[NavItem]:
    """The place, whose count the frame knows already, and the tab among the settings."""
    title = _("Notifications")
    return [
        NavItem(group="places", label=title, url=LIST, icon="bell", position=2),
        NavItem(group="settings", label=title, url=SETTINGS, position=30),
    ]
