# ruff: noqa: E501 - a sample of mail keeps its long lines
"""« I have read it », said from the mail: by its link, by its address, by nobody else, harmlessly."""

import re
from datetime import timedelta

import pytest
from quart import Quart

from rse.announcements.models import Receipt
from rse.identity.models import Account, Person
from rse.kernel import clock
from rse.mail.address import Kind
from rse.mail.ours import token_address
from rse.notifications.models import NoticeTimes
from rse.spaces import actions as spaces
from tests import make
from tests.announcements.world import announce
from tests.mail.post_office import PostOffice, post_office
from tests.web_client import Browser


async def asked(office: PostOffice) -> tuple[Person, str, str]:
    """Somebody who is asked by mail, with the link and the address that answer."""
    owner = await make.person("Amélie Roussel")
    space = await make.space(owner)
    reader = await make.member(space, "Lea Marchetti")
    await announce(owner, space)
    [mail] = await office.sent_to(reader.email)
    text = mail.part("plain")
    link = re.search(r"http://127\.0\.0\.1:8800(/m/a/a\.[a-z2-7]{53})", text)
    address = re.search(r"a\.[a-z2-7]{53}@mail\.ostrelle\.example", text)
    assert link
    assert address
    assert link[1] in mail.part("html")
    return reader, link[1], address[0]


async def confirmed(reader: Person) -> bool:
    return await Receipt.exists(person_id=reader.id, acknowledged_at__not_isnull=True)


async def test_the_link_shows_first_and_does_it_by_a_press(app: Quart) -> None:
    async with post_office(app) as office:
        reader, link, _address = await asked(office)
        browser = Browser(app)
        page = await browser.text(link)
        assert "Le casque est obligatoire." in page
        assert not await confirmed(reader), "a program that opens every link confirms nothing"
        for _again in range(2):
            answer = await app.test_client().post(link, headers={"Host": "127.0.0.1"})
            assert answer.status_code == 200
        assert await confirmed(reader)
        assert await Receipt.filter(person_id=reader.id).count() == 1


async def test_a_mail_of_its_own_person_to_the_address_does_it_too(app: Quart) -> None:
    async with post_office(app) as office:
        reader, _link, address = await asked(office)
        other = await make.person("Rui")
        raw = "From: {who}\r\nMessage-ID: <{n}@client.example>\r\nSubject: ok\r\n{more}\r\n\r\n"
        out_of_office = raw.format(who=reader.email, n=1, more="Auto-Submitted: auto-replied\r\n")
        for mail, sender in (
            (raw.format(who=other.email, n=2, more=""), other.email),
            (out_of_office, reader.email),
        ):
            await office.receive(mail.encode(), address, str(sender))
            assert not await confirmed(reader)
        await office.receive(
            raw.format(who=reader.email, n=3, more="").encode(), address, str(reader.email)
        )
        assert await confirmed(reader)


@pytest.mark.parametrize("why", ["forged", "old", "signed out everywhere", "switched off"])
async def test_a_link_that_is_not_good_any_more_confirms_nothing(why: str, app: Quart) -> None:
    async with post_office(app) as office:
        reader, link, _address = await asked(office)
        if why == "forged":
            link = link[:-1] + ("a" if link[-1] != "a" else "b")
        elif why == "old":
            clock.shift(timedelta(days=32))
        elif why == "signed out everywhere":
            await Account.filter(person_id=reader.id).update(epoch=7)
        else:
            await Person.filter(id=reader.id).update(status="deactivated")
        answer = await app.test_client().post(link, headers={"Host": "127.0.0.1"})
        assert answer.status_code in {403, 404}
        assert not await confirmed(reader)


async def test_an_address_of_another_kind_is_no_deed(app: Quart) -> None:
    async with post_office(app):
        address = token_address(Kind.REPLY, 1, 2, "announcements.read")
        answer = await Browser(app).get(f"/m/a/{address.partition('@')[0]}")
        assert answer.status_code == 404


async def test_whose_mail_comes_back_reads_so_on_every_page_until_it_works_again(
    app: Quart, browser: Browser
) -> None:
    async with post_office(app) as office:
        account = await make.account("Lea Marchetti")
        owner = await make.person()
        space = await make.space(owner)
        await spaces.admit(space.id, account.person_id)
        await make.post(owner, space, f"@{account.person.handle}")
        [mail] = await office.sent_to(account.person.email)
        report = (
            "From: mailer-daemon@elsewhere.example\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
            "--b\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
        )
        await browser.sign_in(account)
        for number in range(2):
            assert "Mail to your address comes back" not in await browser.text("/")
            await office.receive(f"{report}{number}".encode(), mail.sender, "")
        for page in ("/", "/settings/notifications"):
            assert "Mail to your address comes back" in await browser.text(page)
        await browser.post("/m/again")
        assert "Mail to your address comes back" not in await browser.text("/")
        assert (await NoticeTimes.get(person_id=account.person_id)).mail_off_at is None
