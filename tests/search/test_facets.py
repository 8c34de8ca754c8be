"""What results are narrowed by: counted for each reader by themselves, and never beyond."""

from datetime import timedelta

import pytest

from rse.identity.models import Person
from rse.kernel import clock
from rse.kernel.ids import mint
from rse.kernel.jobs import drain
from rse.search import engine, facets, results
from rse.search.asked import Asked
from rse.search.facets import Facets
from rse.spaces import actions as spaces
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


async def counted(reader: Person, **asked: str | int) -> Facets:
    found = await results.search(reader, Asked(text="plan", **asked))  # type: ignore[arg-type]
    assert found.facets
    return found.facets


def named(some: object) -> dict[str, int]:
    return {one.name: one.count for one in some}  # type: ignore[attr-defined]


async def world() -> tuple[Person, Person, dict[str, int]]:
    """Anna and Ben in an open space, Ben in a closed one, a partner's person in both."""
    anna, ben = await make.person("Anna Morvan"), await make.person("Ben Quéré")
    open_space = await make.space(anna, "Quai Ouest")
    closed = await make.space(ben, "Direction", "invitation")
    rui = await make.outsider("Rui Valadares")
    await spaces.admit(open_space.id, ben.id)
    for space in (open_space, closed):
        await spaces.admit(space.id, rui.id)
    post = await make.post(anna, open_space, "Plan de quai")
    await make.comment(post, ben, "Un plan clair")
    await make.comment(post, rui, "O plano, plan")
    await make.post(ben, closed, "Plan social")
    await make.post(ben, closed, "Plan caché")
    await drain()
    return anna, ben, {"open": open_space.id, "closed": closed.id, "rui": rui.id}


async def test_each_reader_counts_what_they_may_see() -> None:
    anna, ben, _ids = await world()
    seen = await counted(anna)
    assert named(seen.spaces) == {"Quai Ouest": 3}
    assert named(seen.authors) == {"Anna Morvan": 1, "Ben Quéré": 1, "Rui Valadares": 1}
    assert seen.kinds["post"] == 1 and seen.kinds["comment"] == 2
    assert named((await counted(ben)).spaces) == {"Quai Ouest": 3, "Direction": 2}


async def test_the_worst_reader_counts_nothing_of_a_common_word() -> None:
    _anna, _ben, ids = await world()
    stranger = await make.outsider(
        "Ida Fremd", await make.organisation("Nordlicht", "nordlicht.example")
    )
    seen = await counted(stranger)
    assert not seen.spaces and not seen.authors and not seen.companies
    assert not any(seen.kinds.values()) and not any(seen.whens.values())
    assert not seen.is_bounded
    for chosen in ({"space_id": ids["closed"]}, {"author_id": ids["rui"]}, {"kind": "post"}):
        narrowed = await counted(stranger, **chosen)
        assert not narrowed.spaces and not narrowed.authors and not any(narrowed.kinds.values())


async def test_a_chosen_value_leaves_its_neighbours_to_choose() -> None:
    _anna, ben, ids = await world()
    seen = await counted(ben, space_id=ids["closed"], kind="post")
    assert named(seen.spaces) == {"Direction": 2, "Quai Ouest": 1}
    assert named(seen.authors) == {"Ben Quéré": 2}
    assert seen.kinds["post"] == 2 and "comment" not in seen.kinds


async def test_companies_are_offered_where_there_are_several_and_narrow() -> None:
    anna, _ben, ids = await world()
    seen = await counted(anna)
    assert sorted(named(seen.companies).values()) == [1, 2]
    brumelis = next(one.id for one in seen.companies if one.name == "Brumelis")
    found = await results.search(anna, Asked(text="plan", company_id=brumelis))
    assert [one.document.author_id for group in found.groups for one in group.results] == [
        ids["rui"]
    ]
    assert sorted(named((await counted(anna, company_id=brumelis)).companies).values()) == [1, 2]


async def test_days_are_counted_from_now(monkeypatch: pytest.MonkeyPatch) -> None:
    author = await make.person()
    start = clock.now()
    for days in (0, 10, 100):
        with monkeypatch.context() as patch:
            patch.setattr(clock, "now", lambda days=days: start - timedelta(days=days))
            mint.forget()
            await make.post(author, None, f"Plan {days}")
    mint.forget()
    await drain()
    assert (await counted(author)).whens == {"": 3, "week": 1, "month": 2, "year": 3}
    assert (await counted(author, when="week")).whens["year"] == 3


async def test_counts_are_bounded_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (engine, facets):
        monkeypatch.setattr(module, "RANKED_AMONG", 3)
    author = await make.person("Anna Morvan")
    space = await make.space(author, "Quai")
    for number in range(5):
        await make.post(author, space, f"Plan {number}")
    await drain()
    seen = await counted(author)
    assert seen.is_bounded and seen.kinds["post"] == 3 and named(seen.spaces) == {"Quai": 3}


async def test_a_phone_opens_the_facets_without_any_script(browser: Browser) -> None:
    await world()
    await browser.sign_in(await make.account("Lise Arnaud"))
    page = await browser.text("/search?q=plan&kind=comment")
    assert 'class="btn btn-s search-open" href="#narrow"' in page and "(1)" in page
    assert 'id="narrow"' in page and 'href="#results">Show results' in page
    assert 'href="/search?q=plan"><span class="cut">Everything' in page
