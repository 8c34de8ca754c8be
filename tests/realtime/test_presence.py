"""Who is here: from heartbeats of open pages, only where all want it, and for a moment only."""

import time

import pytest

from rse.identity.models import Person
from rse.identity.policy import ProfilePolicy, change_profile_policy
from rse.kernel.ids import to_public
from rse.realtime import presence
from tests import make
from tests.realtime.page import Site
from tests.web_client import Browser

ON = ProfilePolicy(presence=True)


async def test_a_heartbeat_shows_who_is_here_among_those_on_the_page(site: Site) -> None:
    await change_profile_policy(ON)
    ines, theo, zoe = [await make.account(name) for name in ("Inès", "Théo", "Zoé")]
    async with site.page(ines) as mine, site.page(theo) as his:
        await his.ask(do="here")
        assert (await his.hear())["data"]["people"] == []
        shown = [to_public(each.person_id) for each in (theo, zoe)]
        await mine.ask(do="here", people=[*shown, "nonsense"])
        heard = await mine.hear()
    assert (heard["kind"], heard["data"]["people"]) == ("present", [shown[0]])
    assert heard["data"]["words"] == "Active now"


async def test_nothing_is_asked_or_kept_where_the_company_does_not_want_it(site: Site) -> None:
    ines = await make.account("Inès")
    async with site.page(ines) as page:
        await page.ask(do="here")
        assert (await page.hear())["data"] == {"do": "here"}
    await change_profile_policy(ON)
    assert await presence.active_among([ines.person_id]) == set()


async def test_who_hides_is_not_kept_and_is_gone_at_once() -> None:
    await change_profile_policy(ON)
    theo = await make.account("Théo")
    await presence.beat(theo.person_id)
    assert await presence.active_among([theo.person_id]) == {theo.person_id}
    await Person.filter(id=theo.person_id).update(shows_presence=False)
    assert await presence.active_among([theo.person_id]) == set()
    await presence.leave(theo.person_id)
    await presence.beat(theo.person_id)
    await Person.filter(id=theo.person_id).update(shows_presence=True)
    assert await presence.active_among([theo.person_id]) == set()


async def test_a_page_that_is_silent_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    await change_profile_policy(ON)
    theo = await make.account("Théo")
    await presence.beat(theo.person_id)
    later = time.monotonic() + presence.HERE_SECONDS + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert await presence.active_among([theo.person_id]) == set()


async def test_a_partners_person_is_never_shown_as_here() -> None:
    await change_profile_policy(ON)
    partner = await make.outsider("Ada")
    await presence.beat(partner.id)
    assert await presence.active_among([partner.id]) == set()


async def test_a_page_without_socket_says_the_same_beside_its_stream(
    browser: Browser, site: Site
) -> None:
    await change_profile_policy(ON)
    theo = await make.account("Théo")
    await browser.sign_in(theo)
    answer = await browser.post_json("/live/said", {"do": "here", "people": []})
    assert (await answer.get_json())["kind"] == "present"
    assert await presence.active_among([theo.person_id]) == {theo.person_id}
    assert (await browser.post_json("/live/said", {"do": "dance"})).status_code == 422
