"""People in search: found by name, handle and role, while they are with us."""

from collections.abc import Sequence

from rse.identity.events import PersonArrived, PersonChanged, PersonDeactivated, PersonReactivated
from rse.kernel.i18n import N_
from rse.kernel.ids import to_public
from rse.search import index
from rse.search.documents import Document, SearchDocument

from . import queries

PersonEvent = PersonArrived | PersonChanged | PersonDeactivated | PersonReactivated
EVENTS = (PersonArrived, PersonChanged, PersonDeactivated, PersonReactivated)


async def index_person(event: PersonEvent) -> None:
    await index.refresh("person", [event.person_id])


async def load(ids: Sequence[int]) -> list[Document]:
    return [
        Document(
            id=person.id,
            title=person.display_name,
            detail=person.title,
            body=person.about,
            author_id=person.id,
            url=f"/people/{to_public(person.id)}",
            company="" if person.is_local else person.organisation.name,
            picture=person.avatar_digest or "",
            also=person.handle,
        )
        for person in await queries.active_people(ids)
    ]


PERSON = SearchDocument(kind="person", title=N_("People"), load=load, ids_after=queries.ids_after)
