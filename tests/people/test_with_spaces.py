"""What spaces and the feed bring to people: whom one may mention, what somebody wrote."""

import orjson
import pytest
from quart import Quart

from rse.identity.people import deactivate
from rse.kernel.ids import to_public
from rse.kernel.jobs import drain
from rse.spaces import actions as spaces
from rse.spaces.models import Space
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


async def suggested(browser: Browser, space: Space) -> list[str]:
    response = await browser.get(f"/people/suggest?q=anna&space={to_public(space.id)}")
    assert response.status_code == 200
    return [one["name"] for one in orjson.loads(await response.get_data(as_text=False))["items"]]


async def test_in_a_closed_space_only_its_members_are_suggested(browser: Browser) -> None:
    me = await make.account("Zoé")
    await browser.sign_in(me)
    space = await make.space(me.person, "Projet", "invitation")
    inside, gone = await make.person("Anna Inside"), await make.person("Anna Gone")
    await make.person("Anna Outside")
    for person in (inside, gone):
        await spaces.admit(space.id, person.id)
    await deactivate(gone.id, "admin")
    assert await suggested(browser, space) == ["Anna Inside"]


async def test_in_an_open_space_colleagues_are_suggested_and_partners_inside(
    browser: Browser,
) -> None:
    me = await make.account("Zoé")
    await browser.sign_in(me)
    space = await make.space(me.person, "Projet", "open")
    await make.person("Anna Colleague")
    company = await make.organisation()
    partner = await make.outsider("Anna Partner", company)
    await make.outsider("Anna Stranger", company)
    await spaces.admit(space.id, partner.id)
    assert await suggested(browser, space) == ["Anna Colleague", "Anna Partner"]


async def test_a_space_one_cannot_read_tells_nothing(browser: Browser) -> None:
    space = await make.space(await make.person("Anna Owner"), "Projet", "secret")
    await browser.sign_in(await make.account("Zoé"))
    response = await browser.get(f"/people/suggest?q=anna&space={to_public(space.id)}")
    assert response.status_code == 404


async def test_a_profile_shows_what_its_reader_may_read(browser: Browser, app: Quart) -> None:
    author = await make.account("Anna Author")
    colleague = await make.account("Zoé")
    public = await make.space(author.person, "Everybody", "open")
    hidden = await make.space(author.person, "Hidden", "secret")
    await make.post(author.person, public, "Said to everybody")
    await make.post(author.person, hidden, "Said in secret")
    await drain()
    page = f"/people/{to_public(author.person_id)}"
    theirs = await (await browser.sign_in(colleague)).text(f"{page}?tab=activity")
    assert "Said to everybody" in theirs
    assert "Said in secret" not in theirs
    own = await (await Browser(app).sign_in(author)).text(f"{page}?tab=activity")
    assert "Said in secret" in own


async def test_the_activity_goes_on_by_page_and_by_piece(browser: Browser) -> None:
    author = await make.account("Anna Author")
    space = await make.space(author.person, "Everybody", "open")
    posts = [await make.post(author.person, space, f"Word {n:02}") for n in range(25)]
    await drain()
    await browser.sign_in(author)
    page = f"/people/{to_public(author.person_id)}?tab=activity"
    first = await browser.text(page)
    assert "Word 24" in first
    assert "Word 04" not in first
    following = f"{page}&after={to_public(posts[5].id)}"
    assert following.replace("&", "&amp;") in first
    assert "<html" in await browser.text(following)
    piece = await (await browser.get(following, HX_Request="true")).get_data(as_text=True)
    assert "<html" not in piece
    assert "Word 04" in piece


async def test_a_profile_shows_the_spaces_one_shares(browser: Browser) -> None:
    me, other = await make.account("Zoé"), await make.account("Anna")
    await make.space(other.person, "Not mine", "secret")
    ours = await make.space(other.person, "Ours", "secret")
    await spaces.admit(ours.id, me.person_id)
    await browser.sign_in(me)
    page = await browser.text(f"/people/{to_public(other.person_id)}?tab=spaces")
    assert ">Ours</a>" in page
    assert "Not mine" not in page
