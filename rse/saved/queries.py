"""Reads of saved searches: only one's own, and those that want to hear of news."""

from urllib.parse import parse_qsl, urlsplit

from rse.identity.models import ACTIVE, Person
from rse.kernel.errors import NotFound
from rse.kernel.i18n import gettext as _
from rse.search.asked import NEWEST_FIRST, Asked, read

from .models import SavedSearch

MOST = 50


async def own(person: Person) -> list[SavedSearch]:
    """What one keeps, by name."""
    return await SavedSearch.filter(person_id=person.id).order_by("name", "id").limit(MOST)


async def saved_for(person: Person, saved_id: int) -> SavedSearch:
    """One's own saved search; one answer otherwise."""
    found = await SavedSearch.get_or_none(id=saved_id, person_id=person.id)
    if found is None:
        raise NotFound(_("This search is not kept any more."))
    return found


async def saved_as(person: Person, asked: Asked) -> SavedSearch | None:
    """The same search, if one keeps it already."""
    return await SavedSearch.filter(person_id=person.id, address=asked.url).first()


async def listening(after: int, limit: int) -> list[SavedSearch]:
    """Saved searches whose people want to hear of news, in the order of ids."""
    return (
        await SavedSearch.filter(alert=True, id__gt=after, person__status=ACTIVE)
        .select_related("person")
        .order_by("id")
        .limit(limit)
    )


def asked_of(saved: SavedSearch) -> Asked:
    return read(dict(parse_qsl(urlsplit(saved.address).query)))


def newest_url(saved: SavedSearch) -> str:
    """Its page, the newest first where the page has an order."""
    return asked_of(saved).but(sort=NEWEST_FIRST).url
