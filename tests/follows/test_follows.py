"""Following people: a button, a notice once, and nothing one could not read before."""

import pytest

from rse.follows import actions, privacy, queries
from rse.follows.models import Follow
from rse.identity.people import deactivate
from rse.kernel.errors import Conflict, NotAllowed, NotFound
from rse.kernel.ids import to_public
from rse.kernel.jobs import drain
from rse.notifications import describe, reference
from rse.notifications.models import Notification
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


async def test_the_button_on_the_profile_says_what_is_so(browser: Browser) -> None:
    me = await make.account("Zoé")
    ines = await make.person("Inès")
    page = f"/people/{to_public(ines.id)}"
    await browser.sign_in(me)
    assert 'aria-pressed="false"' in await browser.text(page)
    assert (await browser.post(f"{page}/follow")).headers["Location"] == page
    assert "Following" in await browser.text(page)
    assert await queries.followed_ids(me.person_id) == [ines.id]
    answer = await browser.post(f"{page}/follow", HX_Request="true")
    assert 'aria-pressed="false"' in await answer.get_data(as_text=True)
    assert await queries.followed_ids(me.person_id) == []


async def test_the_directory_has_the_button_for_everybody_else(browser: Browser) -> None:
    me = await make.account("Zoé")
    ines = await make.person("Inès")
    await actions.follow(me.person, ines.id)
    await browser.sign_in(me)
    page = await browser.text("/people")
    assert page.count('/follow" method="post"') == 1
    assert 'aria-pressed="true"' in page


async def test_whoever_is_followed_learns_of_it_once() -> None:
    me, ines = await make.person("Zoé"), await make.person("Inès")
    for _again in range(2):
        await actions.follow(me, ines.id)
        await drain()
        await actions.unfollow(me, ines.id)
    [notice] = await Notification.filter(person_id=ines.id)
    assert (notice.kind, notice.actor_id) == ("follows.new", me.id)


async def test_the_notice_reads_as_a_sentence_and_leads_to_the_follower(browser: Browser) -> None:
    ines = await make.account("Inès")
    me = await make.person("Zoé")
    await actions.follow(me, ines.person_id)
    await drain()
    await browser.sign_in(ines)
    page = await browser.text("/notifications")
    assert "Zoé follows you" in page
    [text] = (await describe([reference(n) for n in await Notification.all()])).values()
    assert text.url == f"/people/{to_public(me.id)}"


async def test_nobody_follows_themselves_the_absent_or_who_has_left() -> None:
    me, left = await make.person(), await make.person()
    await actions.follow(me, left.id)
    await deactivate(left.id, "admin")
    with pytest.raises(NotAllowed):
        await actions.follow(me, me.id)
    with pytest.raises(NotFound):
        await actions.follow(me, 17)
    with pytest.raises(Conflict):
        await actions.follow(await make.person(), left.id)
    assert await actions.toggle(me, left.id) is False


async def test_too_many_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_FOLLOWED", 1)
    me, one, other = await make.person(), await make.person(), await make.person()
    await actions.follow(me, one.id)
    with pytest.raises(Conflict, match="too many"):
        await actions.follow(me, other.id)


async def test_a_partner_s_person_can_be_followed_and_is_told_nothing() -> None:
    me, rui = await make.person(), await make.outsider()
    await actions.follow(me, rui.id)
    await drain()
    assert await queries.followed_among(me.id, [rui.id, me.id]) == {rui.id}
    assert not await Notification.all().exists()


async def test_export_and_erasure() -> None:
    me, ines = await make.person(), await make.person("Inès")
    await actions.follow(me, ines.id)
    await actions.follow(ines, me.id)
    assert (await privacy.export(me.id))["following"] == [
        {"followed_id": ines.id, "followed__display_name": "Inès"}
    ]
    await privacy.erase(me.id)
    assert not await Follow.all().exists()
