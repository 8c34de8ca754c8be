"""Whoever comes by a link may have to wait for an administrator; terms are asked for anew."""

import json

import pytest
from quart import Quart

from rse.account.models import JoinRequest
from rse.account.reactions import forget_waiting
from rse.admin.models import AdminAudit
from rse.feed.models import Post
from rse.identity import people
from rse.identity.community import change_community, set_approval
from rse.identity.invitations import Terms, invitation_token, make_invitation
from rse.identity.models import Account, Invitation
from rse.kernel import clock
from rse.kernel.ids import to_public
from rse.kernel.jobs import drain
from rse.mail.models import MailOut
from rse.mail.out import queue
from rse.notifications import describe, reference
from rse.notifications.models import NoticeTimes, Notification
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")
FORM = {
    "name": "Amara Diop", "password": "quiet rivers run deep", "language": "fr",
    "email": "amara@ostrelle.example", "message": "Je commence lundi au quai.",
}  # fmt: skip
HTML = {"Accept": "text/html"}


async def link(**terms: object) -> str:
    inviter = await make.person("Inès Morvan")
    made = await make_invitation(inviter, Terms(uses=5, **terms))  # type: ignore[arg-type]
    return f"/join/{invitation_token(made)}"


async def waiting(browser: Browser) -> JoinRequest:
    await set_approval(approval=True)
    response = await browser.post(await link(), FORM)
    assert response.status_code == 200
    assert "An administrator lets you in." in await response.get_data(as_text=True)
    await drain()
    return await JoinRequest.get()


async def test_who_comes_by_a_link_waits_and_administrators_are_told(browser: Browser) -> None:
    admin, member = await make.account(admin=True), await make.account()
    request = await waiting(browser)
    assert not await Account.exists(login=FORM["email"])
    [notice] = await Notification.filter(kind="account.join_requested")
    assert notice.person_id == admin.person_id
    said = (await describe([reference(notice)]))[notice.id]
    assert said.sentence == "Amara Diop asks to join." and said.excerpt == FORM["message"]
    await browser.sign_in(member)
    assert (await browser.get("/admin/requests")).status_code == 403
    assert request.password_hash.startswith("$argon2")


async def test_an_administrator_lets_them_in_and_they_sign_in(browser: Browser, app: Quart) -> None:
    admin = await make.account("Zoé Admin", admin=True)
    request = await waiting(Browser(app))
    await browser.sign_in(admin)
    page = await browser.text("/admin/requests")
    assert "Je commence lundi au quai." in page and "Inès Morvan" in page
    place = f"/admin/requests/{to_public(request.id)}"
    assert (await browser.post(f"{place}/approval")).status_code == 303
    assert (await browser.post(f"{place}/approval")).status_code == 404, "the second is too late"
    await drain()
    account = await Account.get(login=FORM["email"]).select_related("person")
    assert (account.person.display_name, account.person.language) == ("Amara Diop", "fr")
    assert await NoticeTimes.exists(person_id=account.person_id)
    [mail] = await MailOut.filter(kind="system.approved")
    assert json.loads(queue.sealed_words(mail)["context"])["url"].endswith("/sign-in")
    assert not await JoinRequest.exists() and not await Notification.exists(object_id=request.id)
    form = {"login": FORM["email"], "password": FORM["password"]}
    assert (await Browser(app).post("/sign-in", form)).status_code == 303
    assert await AdminAudit.exists(action="request.approved", subject=FORM["email"])


async def test_a_refusal_needs_a_reason_which_is_mailed_and_keeps_nothing(
    browser: Browser, app: Quart
) -> None:
    request = await waiting(Browser(app))
    await browser.sign_in(await make.account(admin=True))
    place = f"/admin/requests/{to_public(request.id)}/refusal"
    assert (await browser.post(place, {"reason": ""})).status_code == 422
    assert (await browser.post(place, {"reason": "Voyez votre agence."})).status_code == 303
    [mail] = await MailOut.filter(kind="system.declined")
    assert "Voyez votre agence." in queue.sealed_words(mail)["context"]
    assert not await JoinRequest.exists() and not await Account.exists(login=FORM["email"])


async def test_nobody_takes_the_place_of_who_waits_already(browser: Browser) -> None:
    request = await waiting(browser)
    url = await link()
    response = await browser.post(url, {**FORM, "password": "another long sentence"})
    assert response.status_code == 409
    assert "is waiting already" in await response.get_data(as_text=True)
    assert (await JoinRequest.get()).password_hash == request.password_hash
    left = {one.uses_left for one in await Invitation.all()}
    assert left == {4, 5}, "the refused one used nothing up"


async def test_by_a_link_for_a_domain_one_proves_the_address_first_and_then_waits(
    browser: Browser,
) -> None:
    await set_approval(approval=True)
    url = await link(domain="ostrelle.example")
    await browser.post(url, {"email": FORM["email"]})
    own = await Invitation.get(email=FORM["email"])
    response = await browser.post(f"/join/{invitation_token(own)}", FORM)
    assert response.status_code == 200 and await JoinRequest.exists(email=FORM["email"])


async def test_the_personally_invited_come_in_at_once(browser: Browser) -> None:
    await set_approval(approval=True)
    made = await make_invitation(await make.person(), Terms(email=FORM["email"], name="Amara Diop"))
    url = f"/join/{invitation_token(made)}"
    page = await browser.text(url)
    assert 'value="Amara Diop"' in page and "A word for the administrators" not in page
    assert (await browser.post(url, FORM)).status_code == 303


async def test_who_is_never_answered_is_forgotten(browser: Browser) -> None:
    from datetime import timedelta

    await waiting(browser)
    clock.shift(timedelta(days=91))
    await forget_waiting()
    assert not await JoinRequest.exists()


# --- Terms ---------------------------------------------------------------------------------------


async def new_terms(text: str) -> None:
    await change_community("fr", "Europe/Paris", text)


async def test_new_terms_are_asked_for_at_the_next_visit_and_leave_a_trace(
    browser: Browser,
) -> None:
    account = await make.account()
    await browser.sign_in(account)
    assert (await browser.get("/", **HTML)).status_code == 200
    await new_terms("Soyez aimables.")
    sent = await browser.get("/people?q=a", **HTML)
    assert sent.status_code == 303
    assert sent.headers["Location"] == "/terms/accept?next=%2Fpeople%3Fq%3Da"
    page = await browser.text("/terms/accept?next=/people?q=a")
    assert "Soyez aimables." in page
    refused = await browser.post("/terms/accept", {"version": "1", "next": "/people?q=a"})
    assert refused.status_code == 422
    form = {"version": "1", "terms": "on", "next": "/people?q=a"}
    accepted = await browser.post("/terms/accept", form)
    assert accepted.headers["Location"] == "/people?q=a"
    assert (await browser.get("/", **HTML)).status_code == 200
    account = await Account.get(id=account.id)
    assert (account.terms_version, account.terms_due) == (1, False)
    assert account.terms_accepted_at


async def test_terms_that_change_while_one_reads_are_shown_again(browser: Browser) -> None:
    await browser.sign_in(await make.account())
    await new_terms("Un")
    await new_terms("Deux")
    stale = await browser.post("/terms/accept", {"version": "1", "terms": "on"})
    assert stale.status_code == 409
    assert "have just changed" in await stale.get_data(as_text=True)
    assert (await browser.get("/", **HTML)).status_code == 303
    away = await browser.post(
        "/terms/accept", {"version": "2", "terms": "on", "next": "//evil.example"}
    )
    assert away.headers["Location"] == "/"


async def test_without_accepting_one_may_still_leave_write_and_take_ones_data(
    browser: Browser,
) -> None:
    account = await make.account(admin=True)
    await browser.sign_in(account)
    await new_terms("Lisez.")
    for path in ("/terms", "/settings/privacy", "/admin/general"):
        assert (await browser.get(path, **HTML)).status_code == 200
    assert (await browser.get("/", **HTML)).status_code == 303
    space = await make.space(account.person)
    form = {"space": to_public(space.id), "body": "Mes mots ne se perdent pas"}
    await browser.post("/posts", form, Accept="text/html")
    assert await Post.exists(source=form["body"])
    await new_terms("")
    assert (await browser.get("/", **HTML)).status_code == 200, "no terms, nothing to ask"


async def test_who_came_by_a_directory_is_asked_too_and_who_accepted_at_the_door_is_not(
    browser: Browser, app: Quart
) -> None:
    await new_terms("Lisez.")
    came = await people.ensure_local("dir", people.Card(display_name="Dir"), source="ldap:x")
    assert came.terms_due
    made = await make_invitation(await make.person(), Terms(email=FORM["email"]))
    assert (
        await browser.post(f"/join/{invitation_token(made)}", {**FORM, "terms": "on"})
    ).status_code == 303
    account = await Account.get(login=FORM["email"])
    assert (account.terms_version, account.terms_due) == (1, False)
