"""Every screen in a real browser: accessible, inside its policy, within the window."""

from dataclasses import dataclass

import pytest

from rse.feed import actions as feed
from rse.feed.drafts import MuteDraft, PostDraft, ReactionDraft
from rse.feed.models import Post
from rse.identity import links
from rse.identity.models import Account, Person
from rse.identity.people import keep_details, set_manager
from rse.identity.policy import ProfilePolicy, change_profile_policy
from rse.kernel import jobs
from rse.kernel.ids import to_public
from rse.profile_fields import actions as profile_fields
from rse.profile_fields.drafts import FieldDraft
from rse.profile_fields.models import ProfileField
from rse.skills import actions as skills
from rse.skills.drafts import SkillDraft
from rse.spaces import actions as spaces
from rse.spaces.models import Space
from tests import make
from tests.web_assets.conftest import Look, Wear

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft "


@dataclass
class House:
    """An instance with something on every page."""

    admin: Account
    pages: list[str]


@dataclass
class Shown:
    """What the pages are about."""

    admin: Person
    outsider: Person
    theo: Person
    space: Space
    other: Space
    post: Post
    long_post: Post
    field: ProfileField


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
    other = await make.space(admin.person, ("Atelier " + LONG)[:80])
    await feed.publish(
        admin.person,
        PostDraft(space=to_public(other.id), body="Look", shared=to_public(post.id)),
    )
    await feed.mute(admin.person, MuteDraft(kind="person", target=to_public(outsider.id)))
    await feed.react(admin.person, post.id, ReactionDraft(emoji="👏"))
    theo, field = await describe(admin.person)
    await jobs.drain()
    shown = Shown(admin.person, outsider, theo, space, other, post, long_post, field)
    return House(admin, addresses(shown))


def addresses(shown: Shown) -> list[str]:
    """Every page that is there for an administrator of that instance."""
    page, chart = (
        f"/people/{to_public(shown.theo.id)}",
        f"/people/{to_public(shown.admin.id)}/chart",
    )
    here, there = f"/spaces/{to_public(shown.space.id)}", f"/posts/{to_public(shown.post.id)}"
    return [
        "/", "/?compose=1", "/?view=unread", "/trash",
        here, f"{here}/members", f"{here}/about", f"{here}/settings", f"{here}/settings/door",
        f"{here}/settings/writing", f"{here}/settings/more", f"{here}/waiting", there,
        f"{there}/edit",
        f"{there}/history", f"{there}/share", f"{there}/mute", f"{there}/move",
        f"{there}/move?space={to_public(shown.other.id)}", "/settings/mutes",
        f"/reactions/{to_public(shown.post.id)}", "/?view=followed&author=nobody",
        f"{here}?sort=activity&kind=post",
        "/people?q=nobody+of+that+name", "/admin/federation/audit",
        f"/posts/{to_public(shown.long_post.id)}", "/spaces", "/spaces/new",
        "/spaces/new?template=project", "/people",
        "/spaces/templates", "/spaces/templates/new", "/spaces/ownerless",
        "/search", "/search?q=north+fa%C3%A7ade", "/search?q=nothing+of+it&kind=post",
        f"/people/{to_public(shown.outsider.id)}", f"/people/{to_public(shown.admin.id)}",
        page, chart, f"{chart}?view=list", "/people/chart", "/people?skill=facades&new=yes",
        "/people/experts", "/people/experts?q=fa%C3%A7ade", "/people/experts?q=unheard+of",
        "/people/me/portrait", "/people/me/skills", "/admin/profiles", "/admin/profiles/new",
        f"/admin/profiles/{to_public(shown.field.id)}",
        "/people/me/edit", "/notifications", "/settings", "/settings/security",
        "/settings/notifications", "/settings/privacy", "/admin", "/admin/general",
        "/admin/branding", "/admin/members", f"/admin/members/{to_public(shown.admin.id)}",
        "/admin/invitations", "/admin/federation", "/admin/directories", "/admin/mail",
        "/admin/jobs", "/admin/audit", "/admin/link-previews", "/drafts",
    ]  # fmt: skip


async def describe(admin: Person) -> tuple[Person, ProfileField]:
    """Somebody with a manager, skills and all kinds of fields, long ones too."""
    theo = await Person.get(display_name="Théo Lindqvist")
    await set_manager(theo.id, admin.id)
    await change_profile_policy(ProfilePolicy(endorsements=True, presence=True))
    draft = FieldDraft(name_en="Shift", kind="choice", options="Day\nNight", may_narrow=True)
    field = await profile_fields.create_field(admin, draft)
    for name in ("Hobby", LONG[:50]):
        draft = FieldDraft(name_en=name, kind="lines", may_narrow=True)
        field = await profile_fields.create_field(admin, draft)
        await keep_details(theo.id, {field.key: LONG})
    await skills.add(theo, SkillDraft(name="Façades"))
    await skills.add(admin, SkillDraft(name=LONG[:60]))
    return theo, field


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
