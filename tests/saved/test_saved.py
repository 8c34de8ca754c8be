"""A search is kept, and its person is told of what is new in it, of nothing else and not twice."""

import re

import pytest

from rse.feed import actions as feed
from rse.identity import people
from rse.identity.models import Person
from rse.kernel.errors import Invalid, NotFound
from rse.kernel.jobs import drain
from rse.notifications.models import Notification
from rse.privacy.answers import answers
from rse.saved import actions, alerts, queries
from rse.saved.drafts import SavedSearchDraft
from rse.saved.models import SavedSearch
from rse.search.models import FreshDocument
from rse.spaces import actions as spaces
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


async def kept(
    person: Person, search: str = "/search?q=facade", name: str = "Façade"
) -> SavedSearch:
    await drain()
    await alerts.look()
    return await actions.keep(person, SavedSearchDraft(name=name, search=search, alert=True))


async def told(person: Person) -> int:
    await drain()
    await alerts.look()
    await drain()
    return await Notification.filter(person_id=person.id, kind="saved.found").count()


async def test_what_is_new_is_told_once_and_what_was_there_is_not() -> None:
    anna, ben = await make.person(), await make.person()
    space = await make.space(ben)
    await make.post(ben, space, "La façade d’hier")
    saved = await kept(anna)
    assert await told(anna) == 0
    await make.post(ben, space, "Une façade nouvelle")
    await make.post(ben, space, "Deux façades nouvelles")
    await make.post(ben, space, "Autre chose")
    assert await told(anna) == 1, "one notice for all that came since"
    assert await told(anna) == 1
    assert not await FreshDocument.exists()
    await make.post(ben, space, "Encore la façade")
    assert await told(anna) == 2
    await actions.forget(anna, saved.id)
    assert await told(anna) == 0


async def test_killed_in_between_and_run_again_it_is_still_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    anna, ben = await make.person(), await make.person()
    await kept(anna)
    await make.post(ben, None, "La façade")
    await drain()
    with monkeypatch.context() as patch:

        async def killed(_ids: object) -> None:
            raise KeyboardInterrupt

        patch.setattr("rse.search.index.forget_fresh", killed)
        with pytest.raises(KeyboardInterrupt):
            await alerts.look()
    assert await told(anna) == 1


async def test_nobody_is_told_of_what_they_may_not_read_at_that_moment() -> None:
    owner, anna = await make.person(), await make.person()
    closed = await make.space(owner, "Direction", "invitation")
    await spaces.admit(closed.id, anna.id)
    stranger = await make.person()
    for person in (anna, stranger):
        await kept(person)
    await make.post(owner, closed, "La façade secrète")
    await drain()
    await spaces.dismiss(closed.id, anna.id)
    assert await told(anna) == 0
    assert await told(stranger) == 0


async def test_ones_own_words_and_what_is_gone_are_no_news() -> None:
    anna, ben = await make.person(), await make.person()
    await kept(anna)
    await make.post(anna, None, "Ma façade")
    post = await make.post(ben, None, "La façade")
    await drain()
    await feed.delete(ben, post.id)
    await alerts.look()
    assert await told(anna) == 0


async def test_operators_and_facets_count_for_news_too() -> None:
    anna, ben = await make.person("Anna Morvan"), await make.person("Ben Quéré")
    await kept(anna, "/search?q=facade+de:ben&kind=comment", "De Ben")
    await kept(anna, "/search?q=arrivee&kind=person", "Personnes")
    post = await make.post(ben, None, "La façade")
    assert await told(anna) == 0
    await make.comment(post, ben, "La façade, encore")
    assert await told(anna) == 1
    await make.person("Lise Arrivée")
    await people.ensure_local("lise", people.Card(display_name="Zoé Arrivée"))
    assert await told(anna) == 2


async def test_without_an_alert_nothing_is_told() -> None:
    anna, ben = await make.person(), await make.person()
    saved = await kept(anna)
    await actions.set_alert(anna, saved.id, alert=False)
    await make.post(ben, None, "La façade")
    assert await told(anna) == 0


async def test_only_a_search_is_kept_and_each_once() -> None:
    anna, ben = await make.person(), await make.person()
    first = await kept(anna, "https://evil.example/x?q=plan&cursor=abc&next=//evil.example", "Plan")
    assert first.address == "/search?q=plan"
    again = await kept(anna, "/search?q=plan", "Plans")
    assert (again.id, (await queries.own(anna))[0].name) == (first.id, "Plans")
    for address in ("/search", "/search?q=", "/search?q=...", "javascript:alert(1)"):
        with pytest.raises(Invalid, match="Search for something first"):
            await kept(anna, address)
    with pytest.raises(NotFound):
        await actions.forget(ben, first.id)
    for number in range(queries.MOST - 1):
        await kept(anna, f"/search?q=mot{number}")
    with pytest.raises(Invalid, match="at most 50 searches"):
        await kept(anna, "/search?q=unedetrop")


async def test_a_search_is_kept_from_its_page_without_any_script(browser: Browser) -> None:
    account = await make.account("Anna Morvan")
    await browser.sign_in(account)
    await make.post(None, None, "La façade")
    await drain()
    page = await browser.text("/search?q=facade&kind=post")
    link = re.search(r'href="(/search/saved/new\?[^"]+)"', page)
    assert link
    form = await browser.text(link.group(1).replace("&amp;", "&"))
    assert 'value="facade"' in form
    sent = {"name": "Ma façade", "search": "/search?q=facade", "alert": "on"}
    refused = await browser.post("/search/saved", {**sent, "name": " "})
    assert refused.status_code == 422
    assert 'value="/search?q=facade"' in await refused.get_data(as_text=True)
    assert (await browser.post("/search/saved", sent)).status_code == 303
    listed = await browser.text("/search/saved")
    assert "Ma façade" in listed and "You are told of what is new." in listed
    assert "Saved searches" in await browser.text("/search")


async def test_an_export_has_them_and_an_erasure_drops_them() -> None:
    anna = await make.person()
    await kept(anna, "/search?q=plan", "Plan")
    exported = await answers["saved"].export(anna.id)
    assert exported["saved_searches"][0]["address"] == "/search?q=plan"
    await answers["saved"].erase(anna.id)
    assert await queries.own(anna) == []
