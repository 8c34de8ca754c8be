"""Partners, from the administration's pages: inviting, comparing the code, sharing, stopping."""

import re

import pytest

from rse.admin.models import AdminAudit
from rse.config import Settings
from rse.federation.io.models import Partner, PartnerInvite, Share
from rse.identity.models import Account
from rse.kernel.ids import to_public
from tests import make
from tests.federation.conftest import address, befriend, fresh_keyring
from tests.federation.peer import Peer
from tests.federation.test_handshake import NONCE, PATH, offer, send_offer
from tests.web_client import Browser

__all__ = ["address", "fresh_keyring"]  # fixtures
pytestmark = pytest.mark.usefixtures("app")
PAGE = "/admin/federation"


@pytest.fixture(autouse=True)
async def admin(browser: Browser) -> Account:
    account = await make.account("Zoé Admin", admin=True)
    await browser.sign_in(account)
    return account


@pytest.fixture
def peer(address: str, settings: Settings) -> Peer:
    return Peer(address, settings.origin)


async def body_of(
    browser: Browser, path: str, form: dict[str, str] | None = None
) -> tuple[int, str]:
    response = await browser.post(path, form)
    return response.status_code, await response.get_data(as_text=True)


def at(partner: Partner, end: str = "") -> str:
    return f"{PAGE}/{to_public(partner.id)}{end}"


async def test_an_invitation_is_shown_once_and_can_be_cancelled(browser: Browser) -> None:
    _status, body = await body_of(browser, f"{PAGE}/invitations")
    assert re.search(r'id="f-made_link"[^>]*value="http[^"]+#', body)
    page = await browser.text(PAGE)
    assert "f-made_link" not in page
    invite = await PartnerInvite.get()
    status, _body = await body_of(
        browser, f"{PAGE}/invitations/cancel", {"partnership": invite.partnership}
    )
    assert status == 303
    assert not await PartnerInvite.exists()


@pytest.mark.parametrize(
    "link", ["", "nonsense", "https://brumelis.example/", "javascript:alert(1)", "x" * 2001]
)
async def test_a_link_that_is_none_is_refused_beside_its_field(browser: Browser, link: str) -> None:
    status, body = await body_of(browser, f"{PAGE}/partners", {"link": link})
    assert status == 422
    assert 'id="link-error"' in body
    assert not await Partner.exists()


async def test_both_administrators_compare_the_code(browser: Browser, peer: Peer) -> None:
    _status, body = await body_of(browser, f"{PAGE}/invitations")
    found = re.search(r'id="f-made_link"[^>]*value="([^"]+)"', body)
    assert found is not None
    link = found.group(1)
    assert (await send_offer(peer, link, offer(peer, link))).status == 200
    partner = await Partner.get()
    reveal = {"type": "Reveal", "partnership": partner.partnership, "nonce": NONCE.hex()}
    assert (await peer.post(reveal, PATH)).status == 200
    page = await browser.text(at(partner))
    shown = re.search(r'data-part="partner.code">([\d ]+)<', page)
    assert shown is not None
    status, refused = await body_of(browser, at(partner, "/code"), {"code": "0000 0000 0000"})
    assert status == 422
    assert "not the code shown here" in refused
    status, _body = await body_of(browser, at(partner, "/code"), {"code": shown.group(1)})
    assert status == 303
    waiting = await browser.text(at(partner))
    assert "The other company has not yet" in waiting
    assert shown.group(1) in waiting
    assert (await Partner.get()).state == "verifying"
    assert "confirmed a partner&#39;s code" in await browser.text("/admin/audit")


async def test_a_partnership_is_suspended_resumed_and_ended(browser: Browser, peer: Peer) -> None:
    partner = await befriend(peer)
    assert "Brumelis" in await browser.text(PAGE)
    for step, state in (
        ("suspend", "suspended"),
        ("resume", "active"),
        ("terminate", "terminated"),
    ):
        status, _body = await body_of(browser, at(partner, "/step"), {"step": step})
        assert status == 303
        assert (await Partner.get()).state == state
    status, body = await body_of(browser, at(partner, "/step"), {"step": "resume"})
    assert status == 409
    assert "not suspended" in body
    assert (await body_of(browser, at(partner, "/step"), {"step": "explode"}))[0] == 422
    assert [act.action for act in await AdminAudit.all().order_by("id")] == [
        "partner.suspend", "partner.resume", "partner.terminate",
    ]  # fmt: skip


async def test_a_space_of_ours_is_offered_and_taken_back(
    browser: Browser, peer: Peer, admin: Account
) -> None:
    partner = await befriend(peer)
    space = await make.space(admin.person, "Joint project")
    assert ">Joint project</option>" in await browser.text(at(partner))
    status, _body = await body_of(browser, at(partner, "/shares"), {"space": to_public(space.id)})
    assert status == 303
    share = await Share.get()
    assert (share.space_id, share.state) == (space.id, "invited")
    page = await browser.text(at(partner))
    assert "Stop sharing" in page
    assert ">Joint project</option>" not in page
    status, _body = await body_of(
        browser, at(partner, f"/shares/{to_public(share.id)}"), {"answer": "end"}
    )
    assert status == 303
    assert (await Share.get()).state == "ended"


@pytest.mark.parametrize("space", ["", "nonsense", to_public(99)])
async def test_what_is_no_space_cannot_be_shared(browser: Browser, peer: Peer, space: str) -> None:
    partner = await befriend(peer)
    status, _body = await body_of(browser, at(partner, "/shares"), {"space": space})
    assert status in {404, 422}
    assert not await Share.exists()


async def test_the_share_of_another_partner_is_not_reached_from_here(
    browser: Browser, peer: Peer, admin: Account
) -> None:
    partner = await befriend(peer)
    other = await befriend(Peer(peer.address, peer.target, origin="https://third.example"), "Third")
    space = await make.space(admin.person, "Joint project")
    await body_of(browser, at(other, "/shares"), {"space": to_public(space.id)})
    share = await Share.get()
    path = at(partner, f"/shares/{to_public(share.id)}")
    assert (await body_of(browser, path, {"answer": "end"}))[0] == 404
    assert (await Share.get()).state == "invited"


async def test_the_record_is_shown_and_proven_whole(browser: Browser, peer: Peer) -> None:
    partner = await befriend(peer)
    await body_of(browser, at(partner, "/step"), {"step": "suspend"})
    page = await browser.text(f"{PAGE}/audit")
    assert "The chain holds" in page
    assert "suspend" in page
