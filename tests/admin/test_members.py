"""Members: found, promoted, switched off and on, never locked out altogether."""

import re

import pytest
from quart import Quart

from rse.admin.models import AdminAudit
from rse.federation.types import BY_PARTNER
from rse.identity.models import ADMIN, Account, Person, Session
from rse.identity.people import deactivate
from rse.kernel.ids import to_public
from rse.spaces import actions as spaces
from tests import make
from tests.make import PASSWORD
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
async def admin(browser: Browser) -> Account:
    account = await make.account("Zoé Admin", admin=True)
    await browser.sign_in(account)
    return account


def at(account: Account, end: str = "") -> str:
    return f"/admin/members/{to_public(account.person_id)}{end}"


async def acts() -> list[str]:
    return [act.action for act in await AdminAudit.all().order_by("id")]


async def test_members_are_found_by_name_login_and_address(
    browser: Browser, admin: Account
) -> None:
    await make.account("Inès Morvan", login="imo", email="ines.m@ostrelle.example")
    await make.account("Théo Lindqvist")
    for text in ("ines", "imo", "ines.m@ostrelle", "MORVAN"):
        page = await browser.text(f"/admin/members?q={text}")
        assert "Inès Morvan" in page
        assert "Théo" not in page
    assert "Nobody fits" in await browser.text("/admin/members?q=%25")


async def test_members_are_shown_by_kind(browser: Browser, admin: Account) -> None:
    corp = await make.account("From Corp")
    await Account.filter(id=corp.id).update(source="ldap:corp")
    left = await make.account("Left Already")
    await deactivate(left.person_id, "admin")
    shown = {
        "admins": "Zoé Admin",
        "off": "Left Already",
        "local": "Left Already",
        "directory": "From Corp",
    }
    for kind, name in shown.items():
        page = await browser.text(f"/admin/members?show={kind}")
        assert f">{name}</a>" in page, kind
    assert "From Corp" not in await browser.text("/admin/members?show=local")


async def test_a_long_list_goes_on(browser: Browser, admin: Account) -> None:
    for number in range(55):
        await make.person(f"Anna {number:02}")
    page = await browser.text("/admin/members?q=anna")
    assert "Anna 49" in page
    assert "Anna 50" not in page
    following = re.search(r'href="(/admin/members\?[^"]*after=[^"]*)"', page)
    assert following is not None
    assert "Anna 54" in await browser.text(following.group(1).replace("&amp;", "&"))


async def test_a_role_is_given_and_taken(browser: Browser, admin: Account, app: Quart) -> None:
    member = await make.account("Inès Morvan")
    hers = await Browser(app).sign_in(member)
    assert (await hers.get("/admin")).status_code == 403
    assert (await browser.post(at(member, "/role"), {"role": "admin"})).status_code == 303
    assert (await hers.get("/admin")).status_code == 200
    await browser.post(at(member, "/role"), {"role": "member"})
    assert (await hers.get("/admin")).status_code == 403
    assert await acts() == ["role.admin", "role.member"]
    assert (await browser.post(at(member, "/role"), {"role": "emperor"})).status_code == 422


async def test_the_last_administrator_cannot_step_down(browser: Browser, admin: Account) -> None:
    response = await browser.post(at(admin, "/role"), {"role": "member"})
    assert response.status_code == 409
    assert "last administrator" in await response.get_data(as_text=True)
    assert (await Account.get(id=admin.id)).is_admin
    assert await acts() == []


async def test_a_switched_off_administrator_does_not_count_as_one(
    browser: Browser, admin: Account
) -> None:
    other = await make.account(admin=True)
    await deactivate(other.person_id, "admin")
    assert (await browser.post(at(admin, "/role"), {"role": "member"})).status_code == 409


async def test_nobody_switches_themselves_off(browser: Browser, admin: Account) -> None:
    await make.account(admin=True)
    response = await browser.post(at(admin, "/disable"), {"reason": "tired of it"})
    assert response.status_code == 403
    assert (await Person.get(id=admin.person_id)).is_active


async def test_switching_off_needs_a_reason_and_ends_everything_at_once(
    browser: Browser, admin: Account, app: Quart
) -> None:
    member = await make.account("Inès Morvan", login="ines")
    hers = await Browser(app).sign_in(member)
    refused = await browser.post(at(member, "/disable"), {"reason": " "})
    assert refused.status_code == 422
    assert (await hers.get("/settings")).status_code == 200
    reason = "left the <b>company</b>"
    assert (await browser.post(at(member, "/disable"), {"reason": reason})).status_code == 303
    assert (await hers.get("/settings")).status_code == 303
    assert not await Session.exists(account_id=member.id)
    form = {"login": "ines", "password": PASSWORD}
    assert (await Browser(app).post("/sign-in", form)).status_code == 422
    log = await browser.text("/admin/audit")
    assert "switched an account off" in log
    assert "left the &lt;b&gt;company&lt;/b&gt;" in log
    assert (await browser.post(at(member, "/enable"), {"reason": "came back"})).status_code == 303
    assert (await Browser(app).post("/sign-in", form)).status_code == 303


async def test_whom_a_directory_switched_off_is_switched_on_there(
    browser: Browser, admin: Account
) -> None:
    member = await make.account("From Corp")
    await Account.filter(id=member.id).update(source="ldap:corp")
    await deactivate(member.person_id, "ldap:corp")
    assert "directory corp switched this person off" in await browser.text(at(member))
    refused = await browser.post(at(member, "/enable"), {"reason": "please"})
    assert refused.status_code == 409
    assert not (await Person.get(id=member.person_id)).is_active


async def test_a_password_link_is_shown_once_and_works(
    browser: Browser, admin: Account, app: Quart
) -> None:
    member = await make.account("Inès Morvan")
    body = await (await browser.post(at(member, "/link"))).get_data(as_text=True)
    found = re.search(r"http://127\.0\.0\.1:8800(/reset/[^\"]+)", body)
    assert found is not None
    assert "/reset/" not in await browser.text(at(member))
    assert (await Browser(app).get(found.group(1))).status_code == 200
    [act] = await AdminAudit.all()
    assert (act.action, act.person_id) == ("link.made", member.person_id)
    assert found.group(1) not in f"{act.subject}{act.reason}"


async def test_no_link_is_made_for_a_password_kept_elsewhere(
    browser: Browser, admin: Account
) -> None:
    member = await make.account()
    await Account.filter(id=member.id).update(source="ldap:corp")
    assert (await browser.post(at(member, "/link"))).status_code == 403


async def test_sessions_are_ended_from_here(browser: Browser, admin: Account, app: Quart) -> None:
    member = await make.account()
    hers = await Browser(app).sign_in(member)
    body = await (await browser.post(at(member, "/sessions/end"))).get_data(as_text=True)
    assert "1 browser signed out." in body
    assert (await hers.get("/settings")).status_code == 303


async def test_a_mail_address_is_changed_unless_taken_wrong_or_kept(
    browser: Browser, admin: Account
) -> None:
    member = await make.account()
    taken = await make.account(email="taken@ostrelle.example")
    for address, status in (("nonsense", 422), (taken.person.email or "", 409)):
        response = await browser.post(at(member, "/mail"), {"email": address})
        assert response.status_code == status
    assert (
        await browser.post(at(member, "/mail"), {"email": "New@Ostrelle.example"})
    ).status_code == 303
    assert (await Person.get(id=member.person_id)).email == "new@ostrelle.example"
    await Person.filter(id=member.person_id).update(locked_fields={"email": "corp"})
    kept = await browser.post(at(member, "/mail"), {"email": "third@ostrelle.example"})
    assert kept.status_code == 409


async def test_a_partners_person_has_a_page_that_says_what_may_be_done(
    browser: Browser, admin: Account
) -> None:
    person = await make.outsider()
    space = await make.space(admin.person)
    await spaces.admit(space.id, person.id)
    here = f"/admin/members/{to_public(person.id)}"
    page = await browser.text(here)
    assert "Brumelis" in page
    assert space.name in page
    assert "no account here" in page
    turn = f"/admin/outsiders/{to_public(person.id)}"
    assert (await browser.post(f"{turn}/off", {"reason": ""})).status_code == 422
    await browser.post(f"{turn}/off", {"reason": "Wrote to the wrong people"})
    assert not (await Person.get(id=person.id)).is_active
    assert "Let in again" in await browser.text(here)
    await browser.post(f"{turn}/on", {"reason": "Cleared up"})
    assert (await Person.get(id=person.id)).is_active
    assert {"outsider.off", "outsider.on"} <= set(await acts())

    await deactivate(person.id, BY_PARTNER)
    assert "Their company says that this person left" in await browser.text(here)
    assert (await browser.post(f"{turn}/on", {"reason": "Come back"})).status_code == 409


async def test_the_pages_of_members_and_of_partners_people_are_not_each_other_s(
    browser: Browser, admin: Account
) -> None:
    person = await make.outsider()
    for end in ("/role", "/disable", "/link", "/sessions/end"):
        answer = await browser.post(f"/admin/members/{to_public(person.id)}{end}", {})
        assert answer.status_code == 404
    turn = f"/admin/outsiders/{to_public(admin.person_id)}/off"
    assert (await browser.post(turn, {"reason": "Myself"})).status_code == 404


async def test_two_administrators_cannot_undo_each_other(browser: Browser, admin: Account) -> None:
    other = await make.account(admin=True)
    await browser.post(at(other, "/role"), {"role": "member"})
    assert (await browser.post(at(admin, "/role"), {"role": "member"})).status_code == 409
    assert await Account.filter(role=ADMIN).count() == 1
