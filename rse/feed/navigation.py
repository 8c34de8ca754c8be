"""The feed's place in the navigation."""

from collections.abc import Sequence

from rse.identity.models import Person
from rse.kernel.i18n import gettext as _
from rse.web.shell import NavItem


async def contribute(_person: Person) -> Sequence[NavItem]:
    return [NavItem(group="places", label=_("Home"), url="/", icon="house", position=0)]


async def settings(_person: Person) -> Sequence[NavItem]:
    """The tab among the settings."""
    return [NavItem(group="settings", label=_("Muted"), url="/settings/mutes", position=35)]
