"""Every screen in a real browser: accessible, inside its policy, within the window."""

from dataclasses import dataclass

import pytest

from rse.identity import links
from rse.identity.models import Account
from rse.kernel import jobs
from rse.kernel.ids import to_public
from rse.spaces import actions as spaces
from tests import make
from tests.web_assets.conftest import Look, Wear

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft "


@dataclass
class House:
    """An instance with something on every page."""

    admin: Account
    pages: list[str]


async def furnish(language: str = "en") -> House:
    admin = await make.account(
        "Inès Kerbrat", admin=True, language=language, title="Product", about="**Hello** all."
    )
    space = await make.space(admin.person, "Projet Rive-Nord", "invitation")
    for name in ("Théo Lindqvist", "Amara " + LONG):
        await spaces.admit(space.id, (await make.person(name)).id)
    outsider = await make.outsider("Rui Valadares")
    await spaces.admit(space.id, outsider.id)
    long_post = await make.post(admin.person, space, LONG * 60)
    post = await make.post(admin.person, space, "The north façade is done.\n\n- one\n- two\n\n> ok")
    await make.comment(post, outsider, "There will be two of us.")
    await jobs.drain()
    here, there = f"/spaces/{to_public(space.id)}", f"/posts/{to_public(post.id)}"
    pages = [
        "/", "/?compose=1", "/?view=unread", "/trash",
        here, f"{here}/members", f"{here}/about", f"{here}/settings", f"{here}/settings/door",
        f"{here}/settings/writing", f"{here}/settings/more", f"{here}/waiting", there,
        f"{there}/edit", f"{there}/history", "/people?q=nobody+of+that+name",
        "/admin/federation/audit",
        f"/posts/{to_public(long_post.id)}", "/spaces", "/spaces/new", "/people",
        "/spaces/new?template=project", "/spaces/templates", "/spaces/templates/new",
        "/spaces/ownerless",
        "/search", "/search?q=north+fa%C3%A7ade", "/search?q=nothing+of+it&kind=post",
        f"/people/{to_public(outsider.id)}", f"/people/{to_public(admin.person_id)}",
        "/people/me/edit", "/notifications", "/settings", "/settings/security",
        "/settings/notifications", "/settings/privacy", "/admin", "/admin/general",
        "/admin/branding", "/admin/members", f"/admin/members/{to_public(admin.person_id)}",
        "/admin/invitations", "/admin/federation", "/admin/directories", "/admin/mail",
        "/admin/jobs", "/admin/audit",
    ]  # fmt: skip
    return House(admin, pages)


@pytest.mark.parametrize(
    ("theme", "width", "dark", "language"),
    [
        ("ostrelle", 1440, False, "fr"),
        ("brumelis", 390, True, "de"),
        ("quintarel", 820, False, "en"),
        # What is left of a window of 1280 at four times its size.
        ("ostrelle", 320, False, "fr"),
    ],
)
async def test_every_screen_is_accessible_and_fits(
    look: Look, wear: Wear, theme: str, width: int, dark: bool, language: str
) -> None:
    wear(theme)
    house = await furnish(language)
    screen = await look(house.admin, width=width, dark=dark)
    wrong = {}
    for path in house.pages:
        page = await screen.open(path)
        await page.locator("h1").first.wait_for(state="attached")
        wide = await screen.too_wide()
        found = await screen.axe() + screen.faults + ([f"{wide} px too wide"] if wide > 0 else [])
        if found:
            wrong[path] = found
        screen.faults.clear()
    assert wrong == {}


@pytest.mark.parametrize("dark", [False, True])
async def test_pages_before_sign_in_are_accessible(look: Look, wear: Wear, dark: bool) -> None:
    wear("brumelis")
    screen = await look(width=390, dark=dark)
    for path in ("/sign-in", "/reset"):
        await screen.open(path)
        assert await screen.axe() + screen.faults == [], path
        assert await screen.too_wide() <= 0


async def test_an_open_menu_and_composer_are_accessible(look: Look) -> None:
    house = await furnish()
    screen = await look(house.admin)
    page = await screen.open("/")
    await page.locator("[data-composer] > summary").click()
    await page.locator(".react-more summary").first.click()
    assert await screen.axe() == []
    await page.locator(".me").click()
    await page.locator("#me-menu .item").first.wait_for()
    assert await screen.axe() + screen.faults == []


async def test_pages_work_without_script(look: Look) -> None:
    house = await furnish()
    screen = await look(house.admin, script=False)
    page = await screen.open("/")
    await page.locator("[data-composer] > summary").click()
    await page.locator("#composer textarea").fill("Written without any script")
    await page.get_by_role("button", name="Publish").click()
    await page.get_by_text("Written without any script").first.wait_for()
    await page.locator(".react-more summary").first.click()
    await page.locator(".react-choices button").first.click()
    await page.locator(".react[aria-pressed=true]").first.wait_for()


async def test_each_brand_colours_the_same_page_its_own_way(look: Look, wear: Wear) -> None:
    screen = await look()
    seen = set()
    for theme in ("default", "ostrelle", "brumelis", "quintarel"):
        wear(theme)
        page = await screen.open("/sign-in")
        button = page.locator(".btn-primary").first
        seen.add(await button.evaluate("button => getComputedStyle(button).backgroundColor"))
    assert len(seen) == 4


async def test_a_one_time_link_lets_in_from_a_real_browser(look: Look) -> None:
    """Browsers decide what origin a form is sent from; the page's own policy takes part in that."""
    account = await make.account()
    screen = await look()
    page = await screen.open(f"/link/{await links.make_link(links.SIGN_IN, account.id)}")
    await page.click("main button.btn-primary")
    await page.wait_for_url(f"{screen.address}/")
    assert screen.faults == []
