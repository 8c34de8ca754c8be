"""Search with its facets, saved searches, the door and the first steps: in front of Chromium."""

import pytest

from rse.identity.community import change_community, set_approval
from rse.identity.invitations import Terms, invitation_token, make_invitation
from rse.identity.models import Account
from rse.kernel.ids import to_public
from rse.kernel.jobs import drain
from rse.saved import actions as saved
from rse.saved.drafts import SavedSearchDraft
from rse.spaces import actions as spaces
from tests import make
from tests.web_client import Browser

from .conftest import Look

pytestmark = pytest.mark.usefixtures("app")


async def world(language: str = "fr") -> Account:
    """A company with something to find, and somebody who has just come."""
    anna, ben = await make.person("Anna Morvan"), await make.person("Ben Quéré")
    quai = await make.space(anna, "Quai Ouest, lot des façades et des menuiseries extérieures")
    other = await make.space(ben, "Projet Rive-Nord")
    rui = await make.outsider("Rui Valadares")
    for space, person in ((quai, ben), (quai, rui)):
        await spaces.admit(space.id, person.id)
    for number in range(8):
        post = await make.post(anna, quai, f"Plan de la façade n° {number}, à relire avant jeudi")
        await make.comment(post, (ben, rui)[number % 2], "Le plan est clair, la façade aussi")
    await make.post(ben, other, "Plan de charge de l’équipe")
    await drain()
    return await make.account("Lise Arnaud", admin=True, language=language)


SEARCH = "/search?q=plan"
LIST = "amara@quai.example;Amara Diop\nleo@quai.example;Léo\nrien;Rien\namara@quai.example;Encore"


async def addresses(account: Account, browser: Browser) -> dict[str, str]:
    """The screens of this feature, each with something on it."""
    await saved.keep(account.person, SavedSearchDraft(name="Plans", search=SEARCH, alert=True))
    await set_approval(approval=True)
    made = await make_invitation(account.person, Terms(uses=5))
    join = f"/join/{invitation_token(made)}"
    form = {
        "name": "Amara Diop", "password": "quiet rivers run deep", "language": "fr",
        "email": "amara@ostrelle.example", "message": "Je commence lundi au quai, équipe de Ben.",
    }  # fmt: skip
    await browser.post(join, form)
    await browser.sign_in(account)
    listed = await browser.post("/admin/invitations/lists", {"list": LIST, "days": "14"})
    return {
        "search": SEARCH, "narrowed": f"{SEARCH}&kind=comment&when=week", "saved": "/search/saved",
        "keep": "/search/saved/new?q=plan", "home": "/", "welcome": "/welcome",
        "invitations": "/admin/invitations", "list": str(listed.headers["Location"]),
        "requests": "/admin/requests", "join": join,
    }  # fmt: skip


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
async def test_every_screen_is_accessible_and_fits(
    look: Look, browser: Browser, width: int, dark: bool
) -> None:
    account = await world()
    places = await addresses(account, browser)
    await change_community("fr", "Europe/Paris", "")
    screen = await look(account, width=width, dark=dark)
    for name, path in places.items():
        await screen.open(path)
        assert await screen.axe() == [], name
        assert await screen.too_wide() <= 0, name
    assert screen.faults == []


async def test_on_a_phone_the_facets_are_a_sheet_that_needs_no_script(look: Look) -> None:
    account = await world("en")
    screen = await look(account, width=390, script=False)
    page = await screen.open(SEARCH)
    assert not await page.is_visible("#narrow")
    await page.click("text=Narrow")
    assert await page.is_visible("#narrow")
    await page.click("#narrow >> text=Ben Quéré")
    assert "author=" in page.url and not await page.is_visible("#narrow")
    assert await page.inner_text(".search-open") == "Narrow (1)"


async def test_new_terms_stand_between_somebody_and_the_next_page(look: Look) -> None:
    account = await world("en")
    await change_community("en", "Europe/Paris", "## Be kind\n\nAnd brief.")
    screen = await look(account)
    page = await screen.open("/people")
    assert page.url.endswith("/terms/accept?next=%2Fpeople")
    assert await screen.axe() == []
    await page.check("input[name=terms]")
    await page.click('button:has-text("Go on")')
    await page.wait_for_url("**/people")


async def test_the_first_steps_lead_to_a_space_and_go(look: Look) -> None:
    account = await world("en")
    space = await make.space(await make.person(), "Atelier bois")
    screen = await look(account)
    page = await screen.open("/")
    await page.click("text=Spaces you might like")
    await page.click('[aria-label="Join Atelier bois"]')
    await page.wait_for_url(f"**/spaces/{to_public(space.id)}**")
    page = await screen.open("/")
    assert "1 of 5 done" in await page.inner_text("[data-part='onboarding.card']")
    await page.click('[aria-label="Skip the first steps"]')
    await page.wait_for_load_state()
    assert await page.locator("[data-part='onboarding.card']").count() == 0
