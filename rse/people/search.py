"""People in search: found by name, role, skills and what the whole company may read of them."""

from collections.abc import Sequence

from rse.identity.events import PersonArrived, PersonChanged, PersonDeactivated, PersonReactivated
from rse.identity.models import Person
from rse.kernel.i18n import N_
from rse.kernel.ids import to_public
from rse.profile_fields import queries as profile_fields
from rse.profile_fields.events import FieldsChanged
from rse.search import index
from rse.search.documents import Document, SearchDocument
from rse.skills import queries as skills

from . import queries

PersonEvent = PersonArrived | PersonChanged | PersonDeactivated | PersonReactivated
EVENTS = (PersonArrived, PersonChanged, PersonDeactivated, PersonReactivated)
BATCH = 200


async def index_person(event: PersonEvent) -> None:
    await index.refresh("person", [event.person_id])


async def index_everybody(_event: FieldsChanged) -> None:
    """A field's audience changed: what may be found of everybody may be another."""
    last = 0
    while found := await queries.ids_after(last, BATCH):
        await index.refresh("person", found)
        last = found[-1]


async def load(ids: Sequence[int]) -> list[Document]:
    people = await queries.active_people(ids)
    known = await skills.words_of([person.id for person in people])
    details = await profile_fields.company_words(people)
    return [
        _document(person, [known.get(person.id, ""), details.get(person.id, "")])
        for person in people
    ]


def _document(person: Person, more: Sequence[str]) -> Document:
    words = [person.about, person.site, *more]
    return Document(
        id=person.id,
        title=person.display_name,
        detail=person.title,
        body="\n".join(text for text in words if text),
        author_id=person.id,
        url=f"/people/{to_public(person.id)}",
        company="" if person.is_local else person.organisation.name,
        picture=person.avatar_digest or "",
        also=person.handle,
    )


PERSON = SearchDocument(kind="person", title=N_("People"), load=load, ids_after=queries.ids_after)
