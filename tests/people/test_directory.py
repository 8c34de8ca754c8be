"""Finding people: the directory and the suggestions."""

from urllib.parse import quote

import orjson
import pytest

from rse.identity.models import Person
from rse.identity.people import deactivate
from rse.kernel import reads
from rse.kernel.errors import NotFound
from rse.kernel.ids import to_public
from rse.people import queries
from rse.people.audiences import Where, audiences
from rse.people.filters import Narrowed
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
async def reader(browser: Browser) -> Browser:
    return await browser.sign_in(await make.account("Zoé Reader", login="zoe"))


async def names(browser: Browser, path: str) -> list[str]:
    """The names on a page of the directory, in order."""
    page = await browser.text(path)
    found = await Person.all().values_list("display_name", flat=True)
    listed = page.partition('data-part="people.list"')[2]
    return sorted((n for n in map(str, found) if f">{n}<" in listed), key=listed.index)


@pytest.mark.parametrize(
    "text",
    ["ines", "INÈS", "ine mor", "morvan", "marquise", "  ines   morvan ", "chargée", "charge"],
)
async def test_accents_case_and_order_do_not_matter(reader: Browser, text: str) -> None:
    await make.account("Inès Morvan Marquise", title="Chargée d'études")
    await make.account("Théo Lindqvist", title="Chef de projet")
    assert await names(reader, f"/people?q={quote(text)}") == ["Inès Morvan Marquise"]


@pytest.mark.parametrize("text", ["%", "_", "100%", "!", "' OR 1=1 --", "\\"])
async def test_a_wildcard_is_a_character_like_others(reader: Browser, text: str) -> None:
    await make.account("Inès Morvan")
    assert "Inès Morvan" in await reader.text("/people")
    assert "Inès Morvan" not in await reader.text(f"/people?q={quote(text)}")


async def test_a_word_is_found_by_its_beginning_only(reader: Browser) -> None:
    await make.account("Inès Morvan")
    page = await reader.text("/people?q=orvan")
    assert "Nobody is called" in page


async def test_the_list_goes_on_where_it_stopped_and_shows_everybody_once(
    reader: Browser,
) -> None:
    for number in range(65):
        # Same names too: the id decides among them.
        await make.person(f"Anna {'Same' if number % 2 else number}")
    seen: list[int] = []
    after: int | None = None
    while True:
        page = await queries.directory(Narrowed(text="anna"), after)
        seen += [person.id for person in page.items]
        after = page.next_cursor
        if after is None:
            break
    assert len(seen) == 65
    assert len(set(seen)) == 65
    first = await reader.text("/people?q=anna")
    assert "Show more" in first
    cursor = (await queries.directory(Narrowed(text="anna"))).next_cursor
    assert cursor is not None
    second = await reader.text(f"/people?q=anna&after={to_public(cursor)}")
    assert "Show more" in second


async def test_new_arrivals_do_not_shift_the_next_page(reader: Browser) -> None:
    for number in range(35):
        await make.person(f"Anna {number:02}")
    page = await queries.directory(Narrowed(text="anna"))
    await make.person("Anna 00 too")
    rest = await queries.directory(Narrowed(text="anna"), page.next_cursor)
    assert [p.display_name for p in rest.items] == [f"Anna {n:02}" for n in range(30, 35)]


async def test_a_cursor_that_is_none_is_not_found(reader: Browser) -> None:
    for path in (
        "/people?after=nonsense",
        f"/people?after={to_public(17)}",
        "/people?organisation=%00",
    ):
        assert (await reader.get(path)).status_code == 404


async def test_a_page_costs_the_same_however_many_there_are(reader: Browser) -> None:
    for number in range(40):
        await make.person(f"Anna {number}")
    counted: list[str] = []
    token = reads.counter.set(counted)
    page = await queries.directory(Narrowed(text="anna"))
    await queries.directory(Narrowed(text="anna"), page.next_cursor)
    reads.counter.reset(token)
    assert len(counted) == 3


async def test_partners_are_marked_and_can_be_listed_alone(reader: Browser) -> None:
    await make.account("Rui Ours")
    rui = await make.outsider("Rui Valadares")
    page = await reader.text("/people?q=rui")
    assert page.count('data-part="partner"') == 1
    assert "Brumelis" in page
    ours_and_theirs = await names(reader, "/people?q=rui")
    assert ours_and_theirs == ["Rui Ours", "Rui Valadares"]
    only = await names(reader, f"/people?q=rui&organisation={to_public(rui.organisation_id)}")
    assert only == ["Rui Valadares"]


async def test_who_left_is_not_listed(reader: Browser) -> None:
    left = await make.person("Left Already")
    await deactivate(left.id, "admin")
    assert await names(reader, "/people?q=left") == []


async def test_strangers_see_nobody(browser: Browser) -> None:
    person = await make.person("Inès Morvan")
    for path in ("/people", f"/people/{to_public(person.id)}", "/people/suggest?q=i"):
        response = await browser.get(path)
        assert response.status_code == 303
        assert response.headers["Location"].startswith("/sign-in")
    vcard = await browser.get(f"/people/{to_public(person.id)}/card.vcf")
    assert vcard.status_code == 303


async def suggest(browser: Browser, query: str) -> list[dict[str, str]]:
    response = await browser.get(f"/people/suggest?{query}")
    assert response.status_code == 200
    return list(orjson.loads(await response.get_data(as_text=False))["items"])


async def test_suggestions_know_names_and_handles_of_active_people(reader: Browser) -> None:
    ines = await make.person("Inès Morvan", login="imo")
    left = await make.person("Inès Left")
    await deactivate(left.id, "admin")
    await make.outsider("Inès Outside")
    by_name = await suggest(reader, "q=ines")
    assert [one["name"] for one in by_name] == ["Inès Morvan", "Inès Outside"]
    assert by_name[0]["id"] == to_public(ines.id)
    assert [one["organisation"] for one in by_name] == ["", "Brumelis"]
    assert [one["name"] for one in await suggest(reader, "q=imo")] == ["Inès Morvan"]


async def test_suggestions_are_few(reader: Browser) -> None:
    for number in range(20):
        await make.person(f"Anna {number}")
    assert len(await suggest(reader, "q=anna")) == queries.SUGGESTIONS


async def test_suggestions_stay_within_a_space(
    reader: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = await make.person("Anna Inside")
    await make.person("Anna Outside")

    async def readers_of(person: Person, space_id: int) -> Where:
        if space_id != 7:
            raise NotFound("This space does not exist, or is not open to you.")
        return Where("p.id IN (?)", (inside.id,))

    monkeypatch.setitem(audiences, "space", readers_of)
    found = await suggest(reader, f"q=anna&space={to_public(7)}")
    assert [one["name"] for one in found] == ["Anna Inside"]
    assert (await reader.get(f"/people/suggest?q=a&space={to_public(8)}")).status_code == 404
