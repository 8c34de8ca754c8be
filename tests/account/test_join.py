"""Coming in by invitation."""

import json
from datetime import timedelta

import pytest
from quart import Quart

from rse.config import settings
from rse.identity import invitations
from rse.identity.community import change_community
from rse.identity.invitations import Terms, invitation_token, make_invitation
from rse.identity.models import Account, Invitation, Person
from rse.identity.people import deactivate
from rse.kernel import clock
from rse.kernel.jobs import drain
from rse.mail.models import MailOut
from rse.mail.out import queue
from rse.notifications import preferences
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")
FORM = {"name": "Amara Diop", "password": "quiet rivers run deep", "language": "de"}


async def invite(**terms: object) -> tuple[str, Invitation]:
    inviter = await make.person("Inès Morvan")
    made = await make_invitation(inviter, Terms(**terms))  # type: ignore[arg-type]
    return f"/join/{invitation_token(made)}", made


async def test_the_invited_choose_their_password_and_come_in(browser: Browser, app: Quart) -> None:
    url, _made = await invite(email="amara@ostrelle.example")
    page = await browser.text(url)
    assert "Inès Morvan has invited you" in page
    assert "amara@ostrelle.example" in page
    assert (await browser.post(url, FORM)).status_code == 303
    account = await Account.get(login="amara@ostrelle.example").select_related("person")
    assert (account.role, account.person.display_name) == ("member", "Amara Diop")
    assert '<html lang="de"' in await browser.text("/settings")
    again = await Browser(app).get(url)
    assert again.status_code == 404
    assert "not valid any more" in await again.get_data(as_text=True)


async def test_the_address_of_a_personal_invitation_cannot_be_changed(browser: Browser) -> None:
    url, _made = await invite(email="amara@ostrelle.example")
    await browser.post(url, {**FORM, "email": "else@ostrelle.example"})
    assert (await Person.get(display_name="Amara Diop")).email == "amara@ostrelle.example"


async def test_a_link_lets_in_as_many_as_it_says(browser: Browser, app: Quart) -> None:
    url, _made = await invite(uses=2)
    for number in range(2):
        form = {**FORM, "email": f"new{number}@ostrelle.example"}
        assert (await Browser(app).post(url, form)).status_code == 303
    assert (await browser.post(url, {**FORM, "email": "late@ostrelle.example"})).status_code == 404
    assert not await Account.exists(login="late@ostrelle.example")


async def test_expired_cancelled_and_orphaned_invitations_read_the_same(browser: Browser) -> None:
    url, made = await invite(uses=5)
    assert (await browser.get(url)).status_code == 200
    await invitations.cancel_invitation(made.id)
    cancelled = await (await browser.get(url)).get_data(as_text=True)
    url, made = await invite(days=1)
    clock.shift(timedelta(days=2))
    expired = await (await browser.get(url)).get_data(as_text=True)
    url, made = await invite()
    await deactivate(made.invited_by_id, "admin")
    orphaned = await (await browser.get(url)).get_data(as_text=True)
    for body in (cancelled, expired, orphaned):
        assert "This invitation is not valid any more" in body
        assert "Inès" not in body


async def test_a_link_for_a_domain_first_sends_a_personal_invitation_there(
    browser: Browser,
) -> None:
    url, made = await invite(domain="ostrelle.example", uses=3)
    assert "ends in @ostrelle.example" in await browser.text(url)
    for wrong in (
        "amara@elsewhere.example",
        "amara@x.ostrelle.example",
        "a@ostrelle.example.evil.example",
    ):
        response = await browser.post(url, {"email": wrong})
        assert response.status_code == 422
        assert "Use an address that ends in @ostrelle.example" in await response.get_data(
            as_text=True
        )
    response = await browser.post(url, {"email": "Amara@Ostrelle.example"})
    assert "Look in your mailbox" in await response.get_data(as_text=True)
    personal = await Invitation.get(email="amara@ostrelle.example")
    assert (await Invitation.get(id=made.id)).uses_left == 2
    assert not await Account.exists(login="amara@ostrelle.example")
    assert (await browser.post(f"/join/{invitation_token(personal)}", FORM)).status_code == 303


async def test_a_domain_link_cannot_be_joined_without_the_mail(browser: Browser) -> None:
    url, _made = await invite(domain="ostrelle.example", uses=3)
    await browser.post(url, {**FORM, "email": "amara@ostrelle.example"})
    assert not await Account.exists(login="amara@ostrelle.example")


async def test_a_domain_link_does_not_tell_who_is_here_already(browser: Browser) -> None:
    url, _made = await invite(domain="ostrelle.example", uses=3)
    await make.account(email="known@ostrelle.example")
    known = await browser.post(url, {"email": "known@ostrelle.example"})
    fresh = await browser.post(url, {"email": "fresh@ostrelle.example"})
    assert await known.get_data() == await fresh.get_data()
    assert not await Invitation.exists(email="known@ostrelle.example")


async def test_an_address_that_has_an_account_is_refused_and_the_use_is_kept(
    browser: Browser,
) -> None:
    url, made = await invite(uses=1)
    await make.account(email="known@ostrelle.example")
    response = await browser.post(url, {**FORM, "email": "known@ostrelle.example"})
    assert response.status_code == 409
    assert "Sign in instead" in await response.get_data(as_text=True)
    assert (await Invitation.get(id=made.id)).uses_left == 1


async def test_terms_are_accepted_only_where_there_are_some(browser: Browser) -> None:
    await change_community("en", "Europe/Paris", "# Be kind\n\n<script>alert(1)</script>")
    url, _made = await invite(email="amara@ostrelle.example")
    assert "Read the terms of use" in await browser.text(url)
    terms = await browser.text("/terms")
    assert "Be kind" in terms
    assert "<script>alert" not in terms
    refused = await browser.post(url, FORM)
    assert "Accept the terms to go on" in await refused.get_data(as_text=True)
    assert (await browser.post(url, {**FORM, "terms": "on"})).status_code == 303
    assert (await Account.get(login="amara@ostrelle.example")).terms_accepted_at is not None


async def test_without_terms_nothing_is_asked(browser: Browser) -> None:
    url, _made = await invite(email="amara@ostrelle.example")
    assert "terms" not in await browser.text(url)
    assert (await browser.get("/terms")).status_code == 404


@pytest.mark.parametrize(
    ("level", "post", "mention"),
    [("all", True, True), ("direct", False, True), ("none", False, False), ("", False, True)],
)
async def test_the_notification_level_is_chosen_at_the_door(
    browser: Browser, level: str, post: bool, mention: bool
) -> None:
    url, _made = await invite(email="amara@ostrelle.example")
    form = {**FORM, "mail": level} if level else FORM
    assert (await browser.post(url, form)).status_code == 303
    person = await Person.get(email="amara@ostrelle.example")
    assert await preferences.wants(person.id, "feed.post", preferences.MAIL) is post
    assert await preferences.wants(person.id, "feed.mention", preferences.MAIL) is mention
    assert await preferences.wants(person.id, "feed.post", preferences.IN_APP)


async def test_the_mail_of_an_invitation_carries_the_link_that_opens(browser: Browser) -> None:
    url, _made = await invite(email="amara@ostrelle.example")
    await drain()
    [mail] = await MailOut.filter(kind="system.invitation")
    words = queue.sealed_words(mail)
    assert words["to"] == "amara@ostrelle.example"
    assert json.loads(words["context"]) == {
        "inviter": "Inès Morvan", "url": f"{settings().origin}{url}",
    }  # fmt: skip


async def test_no_mail_goes_out_for_an_invitation_called_off_meanwhile(browser: Browser) -> None:
    _url, made = await invite(email="amara@ostrelle.example")
    await invitations.cancel_invitation(made.id)
    await drain()
    assert not await MailOut.filter(kind="system.invitation").exists()


async def test_a_name_with_tricks_is_shown_as_text(browser: Browser) -> None:
    url, _made = await invite(email="amara@ostrelle.example")
    name = "<img src=x onerror=alert(1)>\u202eevil"
    assert (await browser.post(url, {**FORM, "name": name})).status_code == 303
    person = await Person.get(email="amara@ostrelle.example")
    assert "\u202e" not in person.display_name
    assert "<img src=x" not in await browser.text("/settings")
