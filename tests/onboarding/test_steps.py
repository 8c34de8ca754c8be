"""The first steps are read from what somebody really did, and can be skipped."""

import pytest

from rse.identity.models import Person
from rse.notifications import preferences
from rse.onboarding import queries, rules
from rse.onboarding.rules import State
from rse.privacy.answers import answers
from rse.spaces import actions as spaces
from tests import make
from tests.feed.test_reads import asked
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")
CARD = 'data-part="onboarding.card"'


async def done(person: Person) -> list[str]:
    return [step.name for step in rules.steps(await queries.state(person)) if step.is_done]


async def test_each_step_is_done_by_doing_it() -> None:
    me, other = await make.person(), await make.person()
    assert await done(me) == []
    await Person.filter(id=me.id).update(avatar_digest="0" * 64)
    assert await done(me) == ["photo"]
    await Person.filter(id=me.id).update(about="Je répare les grues.")
    space = await make.space(other)
    await spaces.join(me, space.id)
    post = await make.post(other, space)
    await make.comment(post, me)
    assert await done(me) == ["photo", "about", "space", "words"]
    await preferences.mute_mail(me.id)
    assert len(await done(me)) == 5
    assert await queries.steps_for(me) is None


def test_there_are_five_at_most() -> None:
    assert len(rules.steps(State(0, 0, 0, 0, 0, 0))) <= 5
    assert rules.is_over(State(0, 0, 0, 0, 0, 1)) and not rules.is_over(State(1, 1, 1, 1, 0, 0))


async def test_home_shows_them_until_they_are_skipped(browser: Browser) -> None:
    account = await make.account("Lise Arnaud")
    await browser.sign_in(account)
    home = await browser.text("/")
    assert CARD in home and "0 of 5 done" in home and 'href="/welcome#spaces"' in home
    assert (await browser.post("/welcome/skip")).status_code == 303
    assert CARD not in await browser.text("/")
    assert "Join a space" in await browser.text("/welcome"), "the page itself stays"
    assert (await browser.post("/welcome/skip")).status_code == 303


async def test_home_asks_one_small_question_and_none_when_it_is_over() -> None:
    me = await make.person()
    async with asked() as found:
        assert await queries.steps_for(me)
    assert int(found) == 1
    await answers["onboarding"].erase(me.id)
    from rse.onboarding import actions

    await actions.skip(me)
    assert await queries.steps_for(me) is None
    async with asked() as found:
        assert await queries.steps_for(me) is None
    assert int(found) == 0
    assert (await answers["onboarding"].export(me.id))["first_steps"] == {"skipped": True}


async def test_suggested_spaces_are_open_alive_and_first_those_of_people_one_knows() -> None:
    me, owner, friend = await make.person(), await make.person(), await make.person()
    shared = await make.space(owner, "Ensemble")
    for person in (me, friend):
        await spaces.join(person, shared.id)
    lively = await make.space(owner, "Vif")
    quiet = await make.space(owner, "Calme")
    await spaces.join(friend, quiet.id)
    for name, access in (("Secret", "secret"), ("Direction", "invitation"), ("Bureau", "request")):
        await make.space(owner, name, access)  # type: ignore[arg-type]
    old = await make.space(owner, "Archive")
    await spaces.archive(owner, old.id, archived=True)
    await make.post(owner, lively, "Du neuf")
    found = await queries.suggested(me)
    assert [one.name for one in found] == ["Calme", "Vif"]
    assert [one.colleagues for one in found] == [2, 1]
    assert await queries.suggested(await make.outsider()) == []


async def test_one_joins_a_suggested_space_from_the_page(browser: Browser) -> None:
    account = await make.account("Lise Arnaud")
    await browser.sign_in(account)
    space = await make.space(await make.person(), "Atelier bois")
    page = await browser.text("/welcome")
    assert "Atelier bois" in page and 'aria-label="Join Atelier bois"' in page
    from rse.kernel.ids import to_public

    await browser.post(f"/spaces/{to_public(space.id)}/membership")
    assert "Atelier bois" not in (await browser.text("/welcome")).partition('id="spaces"')[2]
    assert "space" in await done(account.person)
