"""Somebody who has never seen it: on a phone, in French, from the invitation to being found."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, ViewportSize

from rse.identity.community import change_community
from rse.identity.invitations import Terms, invitation_token, make_invitation
from rse.identity.models import Account
from rse.identity.sessions import open_session
from rse.kernel.jobs import drain
from rse.web.session import cookie_name
from tests import make
from tests.web_assets.conftest import Screen, chromium, site

__all__ = ["chromium", "site"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]
PHONE = ViewportSize(width=390, height=844)
WORDS = "Bonjour à tous, je rejoins l’équipe des grues lundi."


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def script(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest_asyncio.fixture(loop_scope="session")
async def phone(chromium: Browser, site: str, script: bool) -> AsyncIterator["Phone"]:
    held = Phone(chromium, site, script)
    yield held
    await held.put_down()


class Phone:
    """A telephone in French, with or without scripts; whoever takes it is somebody else."""

    def __init__(self, chromium: Browser, site: str, script: bool) -> None:
        self._chromium, self._site, self._script = chromium, site, script
        self._context: BrowserContext | None = None

    async def take(self, account: Account | None = None) -> Screen:
        await self.put_down()
        self._context = await self._chromium.new_context(
            viewport=PHONE, locale="fr-FR", has_touch=True, java_script_enabled=self._script
        )
        self._context.set_default_timeout(15_000)
        if account:
            token = await open_session(account)
            await self._context.add_cookies(
                [{"name": cookie_name("session"), "value": token, "url": self._site}]
            )
        return Screen(await self._context.new_page(), self._site)

    async def put_down(self) -> None:
        if self._context:
            await self._context.close()


async def a_company() -> tuple[Account, str]:
    """A colleague with a space anybody may join, and the newcomer's invitation."""
    maud = await make.account("Maud Kerbrat", admin=True, language="fr")
    ines = await make.account("Inès Morvan", language="fr", title="Directrice des opérations")
    await change_community("fr", "Europe/Paris", "Pas de secrets de clients.")
    await Account.all().update(terms_due=False)
    await make.space(ines.person, "Projet Rive-Nord")
    invitation = await make_invitation(maud.person, Terms(email="noemie@ostrelle.example"))
    await drain()
    return ines, f"/join/{invitation_token(invitation)}"


async def test_a_newcomer_joins_finds_writes_and_is_found(phone: Phone) -> None:
    ines, invitation = await a_company()
    screen = await phone.take()
    page = await screen.open(invitation)
    await joins(page)
    await drain()  # whoever joined comes into the company's own space
    await finds_a_colleague(page)
    await joins_a_space(page)
    await writes(page)
    assert await screen.too_wide() <= 0
    await drain()
    await is_found((await phone.take(ines)), ines)


async def joins(page: Page) -> None:
    """The terms are read on the page itself; a forgotten tick costs no word but the password."""
    await page.get_by_label("Votre nom").fill("Noémie Lefèvre")
    await page.get_by_label("Mot de passe").fill(make.PASSWORD)
    await page.get_by_label("e-mail ?").select_option(label="Mentions et réponses")
    await page.get_by_role("button", name="Rejoindre").tap()
    await page.get_by_text("Acceptez les conditions").wait_for()
    assert await page.get_by_label("Votre nom").input_value() == "Noémie Lefèvre"
    await page.get_by_text("Lire les conditions d’utilisation").tap()
    await page.get_by_text("Pas de secrets de clients.").wait_for()
    await page.get_by_label("J’accepte les conditions d’utilisation").check()
    await page.get_by_label("Mot de passe").fill(make.PASSWORD)
    await page.get_by_role("button", name="Rejoindre").tap()
    await page.get_by_role("heading", name="Bonjour Noémie").wait_for()
    await page.get_by_role("heading", name="Premiers pas").wait_for()


async def finds_a_colleague(page: Page) -> None:
    """By name, as a phone's keyboard gives it: no capitals, no accents."""
    await page.get_by_role("link", name="Personnes", exact=True).last.tap()
    await page.get_by_label("Nom ou fonction").fill("ines morvan")
    await page.get_by_role("button", name="Rechercher").last.tap()
    await page.get_by_role("link", name="Inès Morvan").first.tap()
    await page.get_by_role("heading", name="Inès Morvan").wait_for()
    assert "Directrice des opérations" in await page.locator("main").inner_text()


async def joins_a_space(page: Page) -> None:
    """The third of the first steps leads to spaces one can join."""
    await page.get_by_role("link", name="Accueil", exact=True).last.tap()
    await page.get_by_role("link", name="Rejoindre un espace").tap()
    await page.get_by_role("button", name="Rejoindre Projet Rive-Nord").tap()
    await page.get_by_role("heading", name="Projet Rive-Nord").wait_for()


async def writes(page: Page) -> None:
    """To the space alone, which the composer says before it is sent."""
    await page.get_by_role("link", name="Accueil", exact=True).last.tap()
    await page.get_by_role("link", name="Écrire votre première publication").tap()
    place = page.get_by_label("Qui verra ceci")
    option = place.locator("option", has_text="Projet Rive-Nord").first
    await place.select_option(await option.get_attribute("value"))
    await page.locator("textarea[name=body]").fill(WORDS)
    await page.get_by_role("button", name="Publier", exact=True).tap()
    await page.get_by_text(WORDS).first.wait_for()
    card = page.locator("article", has_text=WORDS).first
    assert re.search("dans\\s+Projet Rive-Nord", await card.inner_text())


async def is_found(screen: Screen, colleague: Account) -> None:
    """By somebody else: first the person, then what they wrote."""
    page = await screen.open("/")
    await page.locator("[data-part='bar.search'] label").tap()  # a magnifying glass, no more
    field = page.locator("#find")
    await field.fill("noemie lefevre")
    await field.press("Enter")
    found = page.locator("main").get_by_role("link", name="Noémie Lefèvre").first
    await found.wait_for()
    assert colleague.person.display_name not in await found.inner_text()
    await found.tap()
    await page.get_by_role("heading", name="Noémie Lefèvre").wait_for()
    assert await screen.too_wide() <= 0
