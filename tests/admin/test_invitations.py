"""Inviting by mail and by link, from the administration's page to the new account."""

import re

import pytest
from quart import Quart

from rse.admin.models import AdminAudit
from rse.identity.models import Account, Invitation
from rse.kernel.ids import to_public
from rse.kernel.jobs import drain
from rse.mail.models import MailOut
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")
PAGE = "/admin/invitations"
FORM = {"name": "Amara Diop", "password": "quiet rivers run deep", "language": "fr"}


@pytest.fixture(autouse=True)
async def _admin(browser: Browser) -> None:
    await browser.sign_in(await make.account("Zoé Admin", admin=True))


def links_on(page: str) -> list[str]:
    return re.findall(r"http://127\.0\.0\.1:8800(/join/[^\"]+)", page)


async def invite(browser: Browser, addresses: str, days: str = "14") -> tuple[int, str]:
    response = await browser.post(f"{PAGE}/mails", {"addresses": addresses, "days": days})
    return response.status_code, await response.get_data(as_text=True)


async def test_each_address_gets_an_invitation_of_its_own(browser: Browser, app: Quart) -> None:
    await make.account(email="known@ostrelle.example")
    status, body = await invite(
        browser,
        "Amara@ostrelle.example, known@ostrelle.example\n"
        "leo@ostrelle.example; amara@ostrelle.example",
    )
    assert status == 200
    assert "2 invitations made." in body
    assert "Here already: known@ostrelle.example" in body
    await drain()
    assert await MailOut.filter(kind="system.invitation").count() == 2
    [amara] = await Invitation.filter(email="amara@ostrelle.example")
    url = next(link for link in links_on(body) if link.startswith(f"/join/{amara.token_key}."))
    assert (await Browser(app).post(url, FORM)).status_code == 303
    assert await Account.exists(login="amara@ostrelle.example")
    assert "Used" in await browser.text(PAGE)


@pytest.mark.parametrize(
    ("addresses", "days", "sentence"),
    [
        ("", "14", "Fill in this field"),
        ("amara@ostrelle.example, nonsense", "14", "This is not a mail address: nonsense"),
        (",;", "14", "This is not a mail address"),
        ("<script>alert(1)</script>", "14", "not a mail address: &lt;script"),
        ("amara@ostrelle.example", "0", "a number in the allowed range"),
        ("amara@ostrelle.example", "ten", "a number in the allowed range"),
        (" ".join(f"a{n}@ostrelle.example" for n in range(101)), "14", "at most 100 addresses"),
    ],
)
async def test_one_wrong_word_stops_all_and_is_named(
    browser: Browser, addresses: str, days: str, sentence: str
) -> None:
    status, body = await invite(browser, addresses, days)
    assert status == 422
    assert sentence in body
    assert not await Invitation.exists()
    assert not await AdminAudit.exists()


async def test_inviting_an_address_again_replaces_its_invitation(browser: Browser) -> None:
    _status, first = await invite(browser, "amara@ostrelle.example")
    await invite(browser, "amara@ostrelle.example")
    assert (await browser.get(links_on(first)[0])).status_code == 404


async def test_a_link_is_made_and_cancelled(browser: Browser, app: Quart) -> None:
    form = {"uses": "3", "days": "14", "domain": "@Ostrelle.example"}
    assert (await browser.post(f"{PAGE}/links", form)).status_code == 303
    made = await Invitation.get()
    assert (made.domain, made.uses_left) == ("ostrelle.example", 3)
    page = await browser.text(PAGE)
    [url] = links_on(page)
    assert (await Browser(app).get(url)).status_code == 200
    assert (await browser.post(f"{PAGE}/{to_public(made.id)}/cancel")).status_code == 303
    assert (await Browser(app).get(url)).status_code == 404
    assert links_on(await browser.text(PAGE)) == []
    assert [a.action for a in await AdminAudit.all().order_by("id")] == [
        "invitation.link", "invitation.cancelled",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"),
    [("uses", "0"), ("uses", "1001"), ("domain", "no domain"), ("domain", "a@b")],
)
async def test_a_link_with_odd_terms_is_refused(browser: Browser, field: str, value: str) -> None:
    form = {"uses": "3", "days": "14", "domain": "", field: value}
    assert (await browser.post(f"{PAGE}/links", form)).status_code == 422
    assert not await Invitation.exists()


async def test_sending_again_mails_the_same_link(browser: Browser) -> None:
    _status, body = await invite(browser, "amara@ostrelle.example")
    made = await Invitation.get()
    await drain()
    assert (await browser.post(f"{PAGE}/{to_public(made.id)}/resend")).status_code == 303
    await drain()
    assert await MailOut.filter(kind="system.invitation").count() == 2
    assert links_on(await browser.text(PAGE)) == links_on(body)


async def test_a_cancelled_invitation_is_not_sent_again(browser: Browser) -> None:
    await invite(browser, "amara@ostrelle.example")
    made = await Invitation.get()
    await browser.post(f"{PAGE}/{to_public(made.id)}/cancel")
    assert (await browser.post(f"{PAGE}/{to_public(made.id)}/resend")).status_code == 409
