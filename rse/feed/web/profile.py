"""The tab of a profile that shows what somebody wrote, as far as the reader may read it."""

from collections.abc import Mapping

from rse.feed import mutes, queries
from rse.identity.models import Person
from rse.kernel.i18n import N_
from rse.kernel.ids import to_public
from rse.kernel.pages import NEWEST
from rse.people.tabs import ProfileTab

from .blueprint import list_of_cards


async def load(reader: Person, person: Person, after: int | None) -> Mapping[str, object]:
    page = await queries.author_page(reader, person.id, after or NEWEST)
    here = f"/people/{to_public(person.id)}?tab=activity"
    return {
        "cards": await list_of_cards(reader, page),
        "next_url": f"{here}&after={to_public(page.next_cursor)}" if page.next_cursor else "",
        "line_id": 0,
        "may_mute": reader.id != person.id,
        "is_muted": await mutes.is_muted(reader.id, person.id),
    }


TAB = ProfileTab(
    name="activity",
    title=N_("Activity"),
    template="feed/_profile.html",
    more="feed/_list.html",
    load=load,
)
