"""Reads of people: the directory, a profile, suggestions while one types a name."""

from collections.abc import Sequence
from typing import NamedTuple

from rse.identity.models import ACTIVE, Organisation, Person
from rse.kernel.errors import NotFound
from rse.kernel.i18n import gettext as _
from rse.kernel.pages import Page, page_of
from rse.kernel.reads import ids, row, rows
from rse.kernel.text import fold
from rse.people import languages
from rse.people.audiences import Where, audiences
from rse.people.filters import Narrowed
from rse.people.models import SpokenLanguage

PAGE = 30
SUGGESTIONS = 8
SHORT_DIGEST = 16
MOST_SITES = 100


class PersonRow(NamedTuple):
    """A person as lists show them."""

    id: int
    handle: str
    display_name: str
    title: str
    avatar_digest: str | None
    status: str
    organisation_id: int
    organisation_name: str
    is_ours: bool

    @property
    def is_active(self) -> bool:
        return self.status == ACTIVE


_COLUMNS = """
    SELECT p.id, p.handle, p.display_name, p.title, p.avatar_digest, p.status,
           o.id, o.name, o.is_ours
    FROM person p JOIN organisation o ON o.id = p.organisation_id
"""


async def directory(narrowed: Narrowed, after: int | None = None) -> Page[PersonRow]:
    """Active people by name. Hand-written for the row comparison that pages by name and id."""
    where = [*narrowed.conditions(), *name_words(narrowed.text)]
    if after is not None:
        where.append(await beyond(after))
    found = await _people(where, PAGE + 1)
    return page_of(found, lambda person: person.id, PAGE)


class _Place(NamedTuple):
    search_name: str
    id: int


async def beyond(person_id: int) -> Where:
    """What comes after a person in a list by name and id."""
    last = await row(_Place, "SELECT search_name, id FROM person WHERE id = ?", person_id)
    if last is None:
        raise NotFound(_("This page does not exist, or not any more."))
    return Where("(p.search_name, p.id) > (?, ?)", (last.search_name, last.id))


async def suggestions(reader: Person, text: str, space_id: int | None) -> list[PersonRow]:
    """Active people whose name or handle begins like `text`, within a space when one is given."""
    where = [Where("p.status = ?", (ACTIVE,)), *name_words(text, ("p.handle",))]
    if space_id is not None and "space" in audiences:
        where.append(await audiences["space"](reader, space_id))
    return await _people(where, SUGGESTIONS)


async def _people(where: Sequence[Where], limit: int) -> list[PersonRow]:
    conditions = " AND ".join(f"({part.sql})" for part in where)
    values = [value for part in where for value in part.values]
    return await rows(
        PersonRow,
        f"{_COLUMNS} WHERE {conditions} ORDER BY p.search_name, p.id LIMIT {limit}",
        *values,
    )


def name_words(text: str, columns: Sequence[str] = ()) -> list[Where]:
    """Every word typed begins a word of name or title, whatever accents and case.

    `columns` are others that may begin with it.
    """
    found = []
    for word in fold(text).split()[:5]:
        escaped = word[:60].replace("!", "!!").replace("%", "!%").replace("_", "!_")
        tests = ["(' ' || p.search_name) LIKE ?", *(f"{column} LIKE ?" for column in columns)]
        sql = " OR ".join(f"{test} ESCAPE '!'" for test in tests)
        found.append(Where(sql, (f"% {escaped}%", *[f"{escaped}%"] * len(columns))))
    return found


async def profile(person_id: int) -> Person:
    """The door to one person. Somebody who left is still shown: they stay as author."""
    person = await Person.get_or_none(id=person_id).select_related("organisation", "manager")
    if person is None:
        raise NotFound(_("This person does not exist, or not any more."))
    return person


async def portrait_digest(person_id: int, beginning: str) -> str:
    """The digest of this person's portrait, if it begins so: no other file is served here."""
    person = await Person.get_or_none(id=person_id)
    digest = person.avatar_digest if person else None
    if digest is None or len(beginning) < SHORT_DIGEST or not digest.startswith(beginning):
        raise NotFound(_("This picture does not exist, or not any more."))
    return digest


async def organisations() -> list[Organisation]:
    """Ours first, then partners by name."""
    return (
        await Organisation.filter(people__status=ACTIVE)
        .distinct()
        .order_by("-is_ours", "name")
        .limit(200)
    )


async def active_people(person_ids: Sequence[int]) -> list[Person]:
    """Those of the ids who are with us, for search."""
    return await Person.filter(id__in=list(person_ids), status=ACTIVE).select_related(
        "organisation"
    )


async def ids_after(last: int, limit: int) -> list[int]:
    """Everybody, in the order of ids."""
    return await ids(Person.filter(id__gt=last, status=ACTIVE).order_by("id").limit(limit))


async def people_by_id(person_ids: Sequence[int]) -> list[PersonRow]:
    """These as lists show them, in this order; only those who are with us."""
    if not person_ids:
        return []
    marks = ",".join("?" * len(person_ids))
    where = [Where(f"p.id IN ({marks})", tuple(person_ids)), Where("p.status = ?", (ACTIVE,))]
    found = {person.id: person for person in await _people(where, len(person_ids))}
    return [found[number] for number in person_ids if number in found]


class _Site(NamedTuple):
    name: str


async def sites() -> list[str]:
    """Where people work, by name."""
    sql = "SELECT DISTINCT site FROM person WHERE site <> '' AND status = ? ORDER BY site LIMIT ?"
    return [site.name for site in await rows(_Site, sql, ACTIVE, MOST_SITES)]


async def languages_of(person_id: int) -> list[str]:
    """The codes of what somebody speaks."""
    found = await SpokenLanguage.filter(person_id=person_id).values_list("code", flat=True)
    return sorted(map(str, found))


async def spoken_languages() -> list[tuple[str, str]]:
    """Languages that somebody here speaks, by name."""
    found = await SpokenLanguage.all().distinct().values_list("code", flat=True)
    return sorted(((str(c), languages.name_of(str(c))) for c in found), key=lambda pair: pair[1])


async def colleagues_called(text: str) -> list[PersonRow]:
    """Of our active people, the one with this handle, or those whose name has these words."""
    name = text.strip().removeprefix("@")
    where = [Where("p.status = ? AND p.uri IS NULL", (ACTIVE,))]
    exact = await _people([*where, Where("p.handle = ?", (name.casefold(),))], 1)
    words = name_words(name)
    return exact or (await _people([*where, *words], SUGGESTIONS) if words else [])


async def report_count(person_id: int) -> int:
    """How many active people report to somebody."""
    return await Person.filter(manager_id=person_id, status=ACTIVE).count()
