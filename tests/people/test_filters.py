"""The list of people, narrowed; presence only where it is wanted; languages."""

from datetime import timedelta

import pytest

from rse.identity.models import Person
from rse.identity.people import set_manager
from rse.identity.policy import ProfilePolicy, change_profile_policy
from rse.kernel import clock
from rse.kernel.ids import at_time, to_public
from rse.people import privacy, queries
from rse.people.actions import speak
from rse.people.filters import Narrowed
from rse.people.models import SpokenLanguage
from rse.realtime import presence
from rse.skills import actions as skills
from rse.skills.drafts import SkillDraft
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


async def listed(**narrowed: object) -> list[str]:
    page = await queries.directory(Narrowed(**narrowed))  # type: ignore[arg-type]
    return [person.display_name for person in page.items]


async def test_each_filter_and_all_of_them_together() -> None:
    maud, theo, anna = [await make.person(name) for name in ("Maud", "Théo", "Anna")]
    rui = await make.outsider("Rui")
    await skills.add(theo, SkillDraft(name="Soudure"))
    await skills.add(anna, SkillDraft(name="soudure"))
    await Person.filter(id=theo.id).update(site="Nantes")
    await speak(theo, ["fr", "sv"])
    await set_manager(theo.id, maud.id)
    assert await listed(skill="soudure") == ["Anna", "Théo"]
    assert await listed(site="Nantes") == ["Théo"]
    assert await listed(language="sv") == ["Théo"]
    assert await listed(manager_id=maud.id) == ["Théo"]
    assert await listed(organisation_id=rui.organisation_id) == ["Rui"]
    everything = Narrowed(
        text="the", skill="soudure", site="Nantes", language="sv", manager_id=maud.id,
        newcomers=True,
    )  # fmt: skip
    assert [one.id for one in (await queries.directory(everything)).items] == [theo.id]
    assert await listed(skill="soudure", language="de") == []


async def test_newcomers_are_ours_of_the_last_days() -> None:
    new = await make.person("New")
    await make.outsider("Rui")
    long_ago = clock.now() - timedelta(days=40)
    ours = (await Person.get(id=new.id)).organisation_id
    await Person.create(
        id=at_time(long_ago), organisation_id=ours, handle="old", display_name="Old",
        search_name="old",
    )  # fmt: skip
    assert await listed(newcomers=True) == ["New"]


async def test_the_page_offers_what_would_find_somebody_and_keeps_what_is_chosen(
    browser: Browser,
) -> None:
    theo = await make.person("Théo")
    await Person.filter(id=theo.id).update(site="Saint-Nazaire")
    await skills.add(theo, SkillDraft(name="C#"))
    await speak(theo, ["sv"])
    await browser.sign_in(await make.account("Zoé"))
    page = await browser.text("/people")
    for option in ('value="c#"', 'value="Saint-Nazaire"', 'value="sv"'):
        assert option in page
    assert 'value="de"' not in page
    page = await browser.text("/people?skill=C%23&site=Saint-Nazaire")
    assert 'value="c#" selected' in page
    assert "Théo" in page
    assert "Nobody matches all of this" in await browser.text("/people?skill=c%23&q=zoe")


async def test_filters_hold_over_pages(browser: Browser) -> None:
    for number in range(31):
        await skills.add(await make.person(f"Anna {number:02}"), SkillDraft(name="Soudure"))
    await browser.sign_in(await make.account())
    page = await browser.text("/people?skill=soudure")
    cursor = (await queries.directory(Narrowed(skill="soudure"))).next_cursor
    assert cursor
    assert f"/people?skill=soudure&amp;after={to_public(cursor)}" in page
    rest = await queries.directory(Narrowed(skill="soudure"), cursor)
    assert [one.display_name for one in rest.items] == ["Anna 30"]


@pytest.mark.parametrize(
    "path", ["/people?manager=x", "/people?manager=0000000000007", "/people?organisation=%00"]
)
async def test_an_unreadable_choice_is_a_page_that_is_not_there(
    path: str, browser: Browser
) -> None:
    await browser.sign_in(await make.account())
    assert (await browser.get(path)).status_code == 404


async def test_nobody_is_shown_as_active_unless_all_want_it(browser: Browser) -> None:
    theo, me = await make.account("Théo"), await make.account("Zoé")
    await browser.sign_in(theo)
    await browser.sign_in(me)
    page = f"/people/{to_public(theo.person_id)}"
    assert "Active now" not in await browser.text(page)
    await change_profile_policy(ProfilePolicy(presence=True))
    assert "Active now" not in await browser.text(page)
    await presence.beat(theo.person_id)
    await presence.beat(me.person_id)
    assert "Active now" in await browser.text(page)
    assert (await browser.text("/people")).count("Active now") == 2
    await Person.filter(id=theo.person_id).update(shows_presence=False)
    assert "Active now" not in await browser.text(page)
    await Person.filter(id=theo.person_id).update(shows_presence=True)
    await presence.leave(theo.person_id)
    assert "Active now" not in await browser.text(page)


async def test_the_form_keeps_languages_and_the_switch(browser: Browser) -> None:
    me = await make.account("Zoé")
    await change_profile_policy(ProfilePolicy(presence=True))
    await browser.sign_in(me)
    form: dict[str, str | list[str]] = {"languages": ["", "de", "sv"], "presence": ""}
    assert (await browser.post("/people/me/edit", form)).status_code == 303
    assert await queries.languages_of(me.person_id) == ["de", "sv"]
    assert not (await Person.get(id=me.person_id)).shows_presence
    await browser.post("/people/me/edit", {"display_name": "Zoé R"})
    assert await queries.languages_of(me.person_id) == ["de", "sv"]
    assert "German and Swedish" in await browser.text(f"/people/{to_public(me.person_id)}")
    await browser.post("/people/me/edit", {"languages": ""})
    assert await queries.languages_of(me.person_id) == []
    assert (await browser.post("/people/me/edit", {"languages": "xx"})).status_code == 422


async def test_pronouns_are_shown_where_the_company_has_them(browser: Browser) -> None:
    me = await make.account("Zoé")
    await browser.sign_in(me)
    await browser.post("/people/me/edit", {"pronouns": "she"})
    page = f"/people/{to_public(me.person_id)}"
    assert "(she)" in await browser.text(page)
    assert "PRONOUNS:she" in await browser.text(f"{page}/card.vcf")
    await change_profile_policy(ProfilePolicy(pronouns=False))
    assert "(she)" not in await browser.text(page)
    assert "PRONOUNS" not in await browser.text(f"{page}/card.vcf")
    await browser.post("/people/me/edit", {"pronouns": "they"})
    assert (await Person.get(id=me.person_id)).pronouns == "she"


async def test_languages_in_export_and_erasure() -> None:
    me = await make.person()
    await speak(me, ["fr"])
    assert await privacy.export(me.id) == {"languages": [{"code": "fr"}]}
    await privacy.erase(me.id)
    assert not await SpokenLanguage.all().exists()
