"""The spaces in the navigation: mine, and those shared with partners."""

from collections.abc import Sequence
from functools import lru_cache

from rse.federation import queries as federation
from rse.identity.models import Person
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import to_public
from rse.web.shell import NavItem

from . import queries
from .queries import MySpace

SHOWN = 12


async def contribute(person: Person) -> Sequence[NavItem]:
    mine = await queries.my_spaces(person.id, SHOWN)
    shared = await federation.partner_names()
    places = NavItem(
        group="places", label=_("Spaces"), url="/spaces", icon="layout-grid", position=1
    )
    return [
        places,
        *(_item(space, n, is_shared=space.id in shared) for n, space in enumerate(mine)),
    ]


@lru_cache(20_000)
def _item(space: MySpace, position: int, *, is_shared: bool) -> NavItem:
    return NavItem(
        group="partners" if is_shared else "spaces",
        label=space.name,
        url=f"/spaces/{to_public(space.id)}",
        glyph=space.name[:1].upper(),
        category=space.category,
        has_news=space.has_news,
        external=is_shared,
        position=position,
    )
