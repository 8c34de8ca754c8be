"""Skills: one spelling for everybody, confirmed only where the company wants that."""

import pytest

from rse.identity.people import deactivate
from rse.identity.policy import ProfilePolicy, change_profile_policy
from rse.kernel.errors import Invalid, NotAllowed
from rse.kernel.ids import to_public
from rse.kernel.jobs import drain
from rse.search import results
from rse.search.asked import Asked
from rse.skills import actions, privacy, queries, rules
from rse.skills.drafts import SkillDraft
from rse.skills.models import Endorsement, PersonSkill, Skill
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


def called(name: str) -> SkillDraft:
    return SkillDraft(name=name)


async def test_case_and_accents_make_no_other_skill_but_signs_do() -> None:
    one, other = await make.person(), await make.person()
    await actions.add(one, called("Métallurgie"))
    await actions.add(other, called("  METALLURGIE "))
    for name in ("C", "C#", "C++"):
        await actions.add(one, called(name))
    assert await Skill.all().count() == 4
    assert [held.name for held in await queries.skills_of(one, other.id)] == ["Métallurgie"]


async def test_the_page_adds_suggests_and_removes(browser: Browser) -> None:
    me = await make.account("Zoé")
    await actions.add(await make.person(), called("Soudure"))
    await browser.sign_in(me)
    page = await browser.text("/people/me/skills")
    assert '<option value="Soudure">' in page
    await browser.post("/people/me/skills", {"name": "soudure"})
    assert 'href="/people?skill=soudure"' in await browser.text(
        f"/people/{to_public(me.person_id)}"
    )
    [held] = await queries.skills_of(me.person, me.person_id)
    await browser.post(f"/people/me/skills/{to_public(held.id)}/removal")
    assert await queries.skills_of(me.person, me.person_id) == []


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "x" * 61])
async def test_a_skill_that_cannot_be_is_refused_beside_the_field(
    name: str, browser: Browser
) -> None:
    await browser.sign_in(await make.account())
    answer = await browser.post("/people/me/skills", {"name": name})
    assert answer.status_code == 422
    assert 'id="name-error"' in await answer.get_data(as_text=True)
    assert not await Skill.all().exists()


async def test_there_is_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_SKILLS", 1)
    me = await make.person()
    await actions.add(me, called("One"))
    with pytest.raises(Invalid, match="at most 1"):
        await actions.add(me, called("Two"))


async def test_another_s_skill_is_not_mine_to_remove_and_the_last_one_goes() -> None:
    me, other = await make.person(), await make.person()
    await actions.add(me, called("Soudure"))
    [held] = await queries.skills_of(me, me.id)
    await actions.remove(other, held.id)
    assert await PersonSkill.all().count() == 1
    await actions.remove(me, held.id)
    assert await Skill.all().count() == 0


async def test_confirming_is_off_until_an_administrator_turns_it_on(browser: Browser) -> None:
    me, theo = await make.account(), await make.person("Théo")
    await actions.add(theo, called("Soudure"))
    [held] = await queries.skills_of(me.person, theo.id)
    await browser.sign_in(me)
    page, button = f"/people/{to_public(theo.id)}", f"/skills/{to_public(held.id)}/endorsement"
    assert "endorsement" not in await browser.text(page)
    assert (await browser.post(button)).status_code == 403
    await change_profile_policy(ProfilePolicy(endorsements=True))
    assert (await browser.post(button)).headers["Location"] == page
    assert "confirmed by 1 person" in await browser.text(page)
    answer = await browser.post(button, HX_Request="true")
    assert 'aria-pressed="false"' in await answer.get_data(as_text=True)
    await actions.toggle_endorsement(me.person, held.id)
    await change_profile_policy(ProfilePolicy())
    assert "confirmed by" not in await browser.text(page)


async def test_nobody_confirms_their_own_and_who_left_counts_no_more() -> None:
    await change_profile_policy(ProfilePolicy(endorsements=True))
    theo, ines = await make.person("Théo"), await make.person("Inès")
    await actions.add(theo, called("Soudure"))
    [held] = await queries.skills_of(theo, theo.id)
    with pytest.raises(NotAllowed):
        await actions.toggle_endorsement(theo, held.id)
    await actions.toggle_endorsement(ines, held.id)
    assert (await queries.skills_of(theo, theo.id))[0].endorsements == 1
    await deactivate(ines.id, "admin")
    assert (await queries.skills_of(theo, theo.id))[0].endorsements == 0


async def test_people_are_found_by_their_skills() -> None:
    me, theo = await make.person(), await make.person("Théo")
    await actions.add(theo, called("Soudure TIG"))
    await drain()
    [group] = (await results.search(me, Asked(text="soudures"))).groups
    assert group.results[0].document.id == theo.id


async def test_export_and_erasure() -> None:
    await change_profile_policy(ProfilePolicy(endorsements=True))
    theo, ines = await make.person("Théo"), await make.person("Inès")
    await actions.add(theo, called("Soudure"))
    await actions.add(ines, called("Plans"))
    [held] = await queries.skills_of(ines, theo.id)
    await actions.toggle_endorsement(ines, held.id)
    exported = await privacy.export(ines.id)
    assert exported["skills"] == [{"skill__name": "Plans"}]
    assert exported["confirmed"][0]["held__skill__name"] == "Soudure"
    await privacy.erase(ines.id)
    assert not await Endorsement.all().exists()
    assert await PersonSkill.filter(person_id=ines.id).count() == 0
    assert await PersonSkill.all().count() == 1
