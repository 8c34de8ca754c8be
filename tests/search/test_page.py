"""The page of results, without any script: groups, facets, pages, and kind refusals."""

import re
from argparse import Namespace

import pytest
from quart import Quart

from rse.kernel.jobs import drain
from rse.search import cli
from rse.search.models import IndexedText
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")
RESULT = 'data-part="search.result"'


@pytest.fixture
async def signed_in(browser: Browser) -> Browser:
    return await browser.sign_in(await make.account("Anna Morvan"))


async def written(count: int = 1, body: str = "Plan de la façade") -> None:
    author = await make.person("Ben Quéré")
    space = await make.space(author, "Quai Ouest")
    for number in range(count):
        await make.post(author, space, f"{body} {number}")
    await drain()


async def test_the_box_of_every_page_leads_to_the_results(signed_in: Browser) -> None:
    await written()
    home = await signed_in.text("/")
    assert 'action="/search" role="search" aria-label="Search people, posts, spaces"' in home
    page = await signed_in.text("/search?q=facade")
    assert "<mark>façade</mark>" in page
    assert "Ben Quéré" in page and "Quai Ouest" in page


async def test_results_are_grouped_and_lead_to_one_kind(signed_in: Browser) -> None:
    await written(7)
    page = await signed_in.text("/search?q=plan")
    assert page.count(RESULT) == 5
    link = re.search(r'href="(/search\?q=plan&amp;kind=post)">Show all', page)
    assert link
    assert (await signed_in.text("/search?q=plan&kind=post")).count(RESULT) == 7


async def test_facets_narrow_and_widen(signed_in: Browser) -> None:
    await written(2)
    page = await signed_in.text("/search?q=plan")
    facet = re.search(r'href="(/search\?[^"]*author=[^"]*)"', page)
    assert facet
    narrowed = await signed_in.text(facet.group(1).replace("&amp;", "&"))
    assert "All authors" in narrowed
    assert narrowed.count(RESULT) == 2


async def test_pages_follow_each_other(signed_in: Browser) -> None:
    await written(25)
    for sort in ("", "&sort=newest"):
        page = await signed_in.text(f"/search?q=plan&kind=post{sort}")
        more = re.search(r'href="(/search\?[^"]*cursor=[^"]*)"', page)
        assert more
        rest = await signed_in.text(more.group(1).replace("&amp;", "&"))
        assert rest.count(RESULT) == 5


async def test_nothing_found_says_what_was_searched_and_how_to_widen(signed_in: Browser) -> None:
    await written()
    page = await signed_in.text("/search?q=facage&kind=post")
    assert "Nothing found for “facage”." in page
    assert "Searched, as far as you may read: Posts." in page
    assert "Search everything" in page
    assert 'href="/search?q=fa%C3%A7ade">façade</a>' in page


async def test_an_empty_search_says_what_it_is_for(signed_in: Browser) -> None:
    assert "What are you looking for?" in await signed_in.text("/search")


async def test_a_query_of_ten_kilobytes_is_refused_in_words(signed_in: Browser) -> None:
    response = await signed_in.get("/search?q=" + "plan+" * 2_000)
    body = await response.get_data(as_text=True)
    assert response.status_code == 422
    assert "Search for at most 500 characters." in body


@pytest.mark.parametrize(
    "address",
    [
        "/search?q=plan&cursor=nonsense", "/search?q=plan&kind=post&cursor=x.y",
        "/search?q=plan&kind=post&sort=newest&cursor=%F0%9F",
        "/search?q=plan&kind=post&cursor=9.99999",
        "/search?q=plan&author=me&space=%27&when=ever&sort=up", "/search?q=%22%27*%28NEAR",
        "/search?q=plan&kind=post&cursor=0000000000000.999", "/search?kind=person",
    ],
)  # fmt: skip
async def test_a_bad_address_is_harmless(signed_in: Browser, address: str) -> None:
    await written()
    assert "Search" in await signed_in.text(address)


async def test_what_people_write_cannot_become_markup(signed_in: Browser) -> None:
    await written(1, "Plan `<script>alert(1)</script>` <b>gras</b>")
    page = await signed_in.text("/search?q=script+plan+%3Cimg+src%3Dx%3E")
    page += await signed_in.text("/search?q=plan")
    assert "<script>alert" not in page and "<img src=x" not in page
    assert "&lt;<mark>script</mark>" in await signed_in.text("/search?q=script")


async def test_the_box_suggests_people_and_spaces(signed_in: Browser) -> None:
    await written()
    page = await signed_in.text("/search/suggest?q=que")
    assert "<mark>Quéré</mark>" in page and "Ben" in page
    assert "<mark>Quai</mark> Ouest" in await signed_in.text("/search/suggest?q=quai")
    assert "Search everything" not in await signed_in.text("/search/suggest?q=zzz")


async def test_only_signed_in_people_search(app: Quart) -> None:
    for path in ("/search?q=plan", "/search/suggest?q=plan"):
        response = await Browser(app).get(path)
        assert response.status_code in {302, 303, 401}


async def test_reindex_says_how_much_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    await written(3)
    await IndexedText.all().delete()
    assert await cli.reindex(Namespace()) == 0
    assert "post: 3" in capsys.readouterr().out
