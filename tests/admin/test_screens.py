"""The administration's and the first pages in a real browser: accessible and within the window."""

import pytest

from rse.admin.models import AdminAudit
from rse.federation.io.models import Partner, Share
from rse.identity import links
from rse.identity.community import change_community
from rse.identity.invitations import Terms, invitation_token, make_invitation
from rse.identity.models import Account, Organisation
from rse.kernel.ids import to_public
from rse.kernel.models import OutboxJob
from rse.ldap.models import DirectoryRun
from rse.mail.models import FAILED, MailOut, Suppression
from tests import make
from tests.web_assets.conftest import Look, Screen, Wear, chromium, look, site, wear

__all__ = ["chromium", "look", "site", "wear"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


async def furnish() -> tuple[Account, list[str]]:
    """Something on every page, and the pages."""
    admin = await make.account("Inès Kerbrat", admin=True)
    await make.account("Théo Lindqvist")
    member = await make.account(f"Amara {LONG}", title=LONG)
    await make_invitation(admin.person, Terms(email=f"{LONG[:50]}@ostrelle.example"))
    await make_invitation(admin.person, Terms(domain="ostrelle.example", uses=20))
    await AdminAudit.create(
        actor=admin.person, action="access.off", person=member.person, reason=LONG * 4
    )
    await OutboxJob.create(subscriber=f"rse.feed.{LONG}", payload={"event": "x"}, last_error=LONG)
    await MailOut.create(key="a", kind="system.test", last_error="452 the mailbox is full")
    await MailOut.create(key="b", kind="system.test", state=FAILED, last_error="550 no such user")
    await Suppression.create(address="full@ostrelle.example", score=9)
    partner = await befriended(admin)
    pages = [
        "/admin", "/admin/general", "/admin/branding", "/admin/members",
        f"/admin/members/{to_public(member.person_id)}", "/admin/invitations",
        "/admin/directories", "/admin/federation", f"/admin/federation/{to_public(partner.id)}",
        "/admin/federation/audit", "/admin/mail", "/admin/jobs", "/admin/audit",
    ]  # fmt: skip
    return admin, pages


async def befriended(admin: Account) -> Partner:
    company = await Organisation.create(name="Brumelis", host="brumelis.example", hue=38)
    partner = await Partner.create(
        organisation=company, origin="https://brumelis.example", name="Brumelis", state="active",
        public_key="z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp",
        inbox="https://brumelis.example/fed/inbox", stream="https://brumelis.example/fed/stream",
        invited_by_us=True, partnership="p1",
    )  # fmt: skip
    space = await make.space(admin.person, "Projet Rive-Nord")
    await Share.create(
        partner=partner, hosted_by_us=True, space_id=space.id, group_uri="https://x.example/1",
        group_name=LONG, invite_uri="https://x.example/2", state="active",
    )  # fmt: skip
    return partner


@pytest.mark.parametrize(
    ("theme", "width", "dark"), [("ostrelle", 1440, False), ("brumelis", 390, True)]
)
async def test_every_page_of_the_administration_is_accessible_and_fits(
    look: Look, wear: Wear, theme: str, width: int, dark: bool
) -> None:
    wear(theme)
    admin, pages = await furnish()
    await DirectoryRun.create(directory="corp", trigger="admin", state="done")
    screen = await look(admin, width=width, dark=dark)
    assert await faults(screen, pages) == {}


async def test_the_doors_are_accessible_and_fit(look: Look, wear: Wear) -> None:
    wear("ostrelle")
    admin = await make.account("Inès Kerbrat", admin=True)
    await change_community("en", "Europe/Paris", "# Be kind\n\nAlways.")
    personal = await make_invitation(admin.person, Terms(email="amara@ostrelle.example"))
    domain = await make_invitation(admin.person, Terms(domain="ostrelle.example"))
    pages = [
        "/sign-in", "/reset", "/terms", f"/join/{invitation_token(personal)}",
        f"/join/{invitation_token(domain)}",
        f"/link/{await links.make_link(links.SIGN_IN, admin.id)}",
        f"/reset/{await links.make_link(links.RESET, admin.id)}",
    ]  # fmt: skip
    assert await faults(await look(width=390), pages) == {}


async def faults(screen: Screen, pages: list[str]) -> dict[str, list[str]]:
    """What is wrong with each page, by its address."""
    wrong = {}
    for path in pages:
        page = await screen.open(path)
        await page.locator("h1").first.wait_for(state="attached")
        wide = await screen.too_wide()
        found = await screen.axe() + screen.faults + ([f"{wide} px too wide"] if wide > 0 else [])
        if found:
            wrong[path] = found
        screen.faults.clear()
    return wrong
