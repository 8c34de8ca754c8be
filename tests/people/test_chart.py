"""Who reports to whom: up, beside, below, as a list; circles do no harm."""

from itertools import pairwise

import pytest

from rse.identity import people
from rse.identity.models import Account, Person
from rse.identity.people import deactivate
from rse.kernel import reads
from rse.kernel.ids import to_public
from rse.people import queries
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


async def report(person: Person, manager: Person) -> None:
    await people.set_manager(person.id, manager.id)


async def line(*names: str) -> list[Person]:
    """Each reports to the one before."""
    made = [await make.person(name) for name in names]
    for above, below in pairwise(made):
        await report(below, above)
    return made


def chart_page(person: Person) -> str:
    return f"/people/{to_public(person.id)}/chart"


async def test_the_way_up_those_beside_and_those_below() -> None:
    maud, bastien, ines, theo = await line("Maud", "Bastien", "Inès", "Théo")
    beside = await make.person("Aïcha")
    await report(beside, bastien)
    chart = await queries.chart_of(await Person.get(id=ines.id))
    assert [place.id for place in chart.above] == [maud.id, bastien.id]
    assert [place.id for place in chart.beside] == [beside.id]
    assert [place.id for place in chart.below] == [theo.id]
    assert [place.report_count for place in chart.above] == [1, 2]


async def test_a_circle_is_drawn_once_and_ends() -> None:
    one, two, three = await line("One", "Two", "Three")
    await report(one, three)
    assert [place.id for place in await queries.managers_of(one.id)] == [three.id, two.id]
    below, cut = await queries.everybody_below(one.id)
    assert [place.id for place in below] == [two.id, three.id]
    assert not cut
    await people.set_manager(one.id, one.id)
    assert await queries.managers_of(one.id) == []


async def test_a_long_line_is_bounded() -> None:
    made = await line(*(f"Level {number:02}" for number in range(20)))
    assert len(await queries.managers_of(made[-1].id)) == 12
    below, cut = await queries.everybody_below(made[0].id)
    assert (len(below), cut) == (6, True)


async def test_the_list_names_each_after_their_manager() -> None:
    maud, bastien, ines = await line("Maud", "Bastien", "Inès")
    aicha, theo = await make.person("Aïcha"), await make.person("Théo")
    await report(aicha, maud)
    await report(theo, bastien)
    below, _cut = await queries.everybody_below(maud.id)
    names = [(place.display_name, place.depth) for place in below]
    assert names == [("Aïcha", 1), ("Bastien", 1), ("Inès", 2), ("Théo", 2)]
    assert ines.id in {place.id for place in below}


async def test_who_left_is_marked_above_and_not_listed_below(browser: Browser) -> None:
    maud, ines, theo = await line("Maud", "Inès", "Théo")
    await deactivate(maud.id, "admin")
    await deactivate(theo.id, "admin")
    await browser.sign_in(await make.account())
    page = await browser.text(chart_page(ines))
    assert "Maud" in page
    assert "Has left" in page
    assert "Théo" not in page


async def test_pages_in_both_forms_and_where_the_company_begins(browser: Browser) -> None:
    maud, ines, theo = await line("Maud", "Inès", "Théo")
    await browser.sign_in(await make.account())
    tree = await browser.text(chart_page(ines))
    assert tree.count('aria-current="page"') >= 1
    assert chart_page(maud) in tree
    as_list = await browser.text(f"{chart_page(maud)}?view=list")
    assert "<table" in as_list
    assert "Théo" in as_list
    tops = await browser.text("/people/chart")
    assert "Maud" in tops
    assert "Théo" not in tops
    assert theo.id


async def test_a_chart_costs_four_reads_however_large_the_company() -> None:
    maud, ines = await line("Maud", "Inès")
    for number in range(80):
        await report(await make.person(f"Anna {number}"), ines)
    counted: list[str] = []
    token = reads.counter.set(counted)
    chart = await queries.chart_of(await Person.get(id=ines.id))
    reads.counter.reset(token)
    assert len(counted) <= 3
    assert (len(chart.below), chart.has_more_below) == (60, True)
    assert maud.id == chart.above[0].id


async def choose(browser: Browser, person: Person, text: str) -> tuple[int, str]:
    answer = await browser.post(f"/people/{to_public(person.id)}/manager", {"manager": text})
    return answer.status_code, await answer.get_data(as_text=True)


@pytest.fixture
async def me(browser: Browser) -> Account:
    me = await make.account("Théo")
    await browser.sign_in(me)
    return me


async def test_one_s_manager_is_chosen_by_name_or_handle(browser: Browser, me: Account) -> None:
    maud = await make.person("Maud Delorme", login="mde")
    assert (await choose(browser, me.person, "maud del"))[0] == 303
    assert (await Person.get(id=me.person_id)).manager_id == maud.id
    assert 'value="@mde"' in await browser.text(chart_page(me.person))
    assert (await choose(browser, me.person, ""))[0] == 303
    assert (await Person.get(id=me.person_id)).manager_id is None
    assert (await choose(browser, me.person, "@mde"))[0] == 303


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("nobody of that name", "Nobody of your company is called"),
        ("%", "Nobody of your company is called"),
        ("anna", "Several people are called so. Write one of @"),
        ("théo", "Nobody reports to themselves."),
        ("lena", "reports to this person already"),
        ("rui", "Nobody of your company is called"),
    ],
)
async def test_what_cannot_be_is_refused_in_words(
    text: str, sentence: str, browser: Browser, me: Account
) -> None:
    await make.person("Anna One")
    await make.person("Anna Two")
    await make.outsider("Rui")
    await report(await make.person("Lena"), me.person)
    status, page = await choose(browser, me.person, text)
    assert (status, sentence in page) == (422, True)
    assert f'value="{text}"' in page


async def test_others_are_an_administrator_s_to_place(browser: Browser, me: Account) -> None:
    other = await make.person("Other")
    assert (await choose(browser, other, "théo"))[0] == 403
    await browser.sign_in(await make.account(admin=True))
    assert (await choose(browser, other, "théo"))[0] == 303
    assert (await Person.get(id=other.id)).manager_id == me.person_id


async def test_what_the_directory_says_is_not_changed_here(browser: Browser, me: Account) -> None:
    await Person.filter(id=me.person_id).update(locked_fields={"manager": "Annuaire"})
    await make.person("Maud")
    status, page = await choose(browser, me.person, "maud")
    assert status == 422
    assert "Annuaire" in page
    assert "🔒" in await browser.text(chart_page(me.person))
