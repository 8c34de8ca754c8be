"""What the product learns from the people feature."""

from collections.abc import Sequence

from rse.feature import Feature
from rse.identity.models import Person
from rse.kernel.i18n import N_
from rse.kernel.i18n import gettext as _
from rse.profile_fields.events import FieldsChanged
from rse.web.shell import NavItem

from . import privacy, search
from .web import blueprint


async def navigation(_person: Person) -> Sequence[NavItem]:
    return [NavItem(group="places", label=_("People"), url="/people", icon="users", position=30)]


feature = Feature(
    name="people",
    title=N_("People"),
    models="rse.people.models",
    privacy=privacy,
    web=blueprint,
    reactions={
        **{event: [search.index_person] for event in search.EVENTS},
        FieldsChanged: [search.index_everybody],
    },
    search=[search.PERSON],
    navigation=[navigation],
)
