"""Changes to one's saved searches."""

from urllib.parse import parse_qsl, urlsplit

from rse.identity.models import Person
from rse.kernel.db import transaction
from rse.kernel.errors import Invalid
from rse.kernel.i18n import gettext as _
from rse.notifications import withdraw
from rse.search.asked import Asked, read
from rse.search.query import parse

from . import queries
from .drafts import SavedSearchDraft
from .models import SavedSearch


async def keep(person: Person, draft: SavedSearchDraft) -> SavedSearch:
    """Keep a search. One that is kept already gets the new name, so sending twice makes one."""
    asked = _asked(draft.search)
    known = await queries.saved_as(person, asked)
    async with transaction():
        if known is not None:
            known.name, known.alert = draft.name, draft.alert
            await known.save(update_fields=["name", "alert"])
            return known
        if await SavedSearch.filter(person_id=person.id).count() >= queries.MOST:
            raise Invalid(_("You can keep at most %(n)s searches.", n=queries.MOST))
        return await SavedSearch.create(
            person=person, name=draft.name, address=asked.url, alert=draft.alert
        )


def _asked(address: str) -> Asked:
    """The search of an address, without its page: only what search itself can read is kept."""
    asked = read(dict(parse_qsl(urlsplit(address).query))).but()
    if not parse(asked.text).asks_something and not asked.is_narrowed:
        raise Invalid(_("Search for something first, then keep it."))
    return asked


async def set_alert(person: Person, saved_id: int, *, alert: bool) -> None:
    saved = await queries.saved_for(person, saved_id)
    async with transaction():
        await SavedSearch.filter(id=saved.id).update(alert=alert)


async def forget(person: Person, saved_id: int) -> None:
    """Let it go, with what was told of it."""
    saved = await queries.saved_for(person, saved_id)
    async with transaction():
        await SavedSearch.filter(id=saved.id).delete()
        await withdraw(saved.id)
