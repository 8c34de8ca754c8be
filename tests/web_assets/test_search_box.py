"""The box at the top of every page: keys lead to it, and it suggests while one types."""

import pytest
from playwright.async_api import expect

from rse.kernel import jobs
from tests import make
from tests.web_assets.conftest import Look

pytestmark = [pytest.mark.browser, pytest.mark.slow]


async def test_control_k_and_slash_lead_to_the_box(look: Look) -> None:
    screen = await look(await make.account("Inès Kerbrat"))
    page = await screen.open("/people")
    box = page.locator("#find")
    for key in ("Control+k", "/"):
        await page.locator("h1").click()
        await page.keyboard.press(key)
        await expect(box).to_be_focused()
        await box.blur()
    assert screen.faults == []


async def test_people_and_spaces_are_suggested_and_enter_searches(look: Look) -> None:
    ines = await make.account("Inès Kerbrat")
    await make.space(ines.person, "Kerbrat Ouest")
    await jobs.drain()
    for width in (1440, 390):
        screen = await look(ines, width=width)
        page = await screen.open("/")
        await page.locator("#find").press_sequentially("kerb", delay=30)
        found = page.locator("#find-found")
        await expect(found.get_by_role("link")).to_have_count(3)
        await expect(found.get_by_role("link").first).to_be_visible()
        assert await screen.too_wide() <= 0
        # What lies under the list is smaller than a finger, for as long as the list is there.
        wrong = [rule for rule in await screen.axe() if not rule.startswith("target-size")]
        assert wrong + screen.faults == []
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/people/*")
    page = await (await look(ines)).open("/people")
    await page.locator("#find").fill("kerbrat")
    await page.locator("#find").press("Enter")
    await page.wait_for_url("**/search?q=kerbrat")
    await expect(page.locator("[data-part='search.result']")).to_have_count(2)


async def test_results_come_without_script(look: Look) -> None:
    ines = await make.account("Inès Kerbrat")
    await make.post(ines.person, None, "La façade nord")
    await jobs.drain()
    screen = await look(ines, script=False)
    page = await screen.open("/")
    await page.locator("#find").fill("facade")
    await page.locator("#find").press("Enter")
    await expect(page.locator("mark").first).to_have_text("façade")
