# ruff: noqa: E501 - a sample of mail keeps its long lines
"""Letters over real SMTP: what they say, when they go, how they stop."""

import re
from datetime import timedelta
from email.utils import parseaddr

from quart import Quart

from rse.identity.models import Person
from rse.kernel import clock
from rse.kernel.ids import to_public
from rse.kernel.jobs import drain
from rse.mail.models import MailOut
from rse.mail.out import queue
from rse.notifications.actions import mark_read
from tests import make
from tests.mail.post_office import post_office
from tests.mail.stories import mentioned
from tests.web_client import Browser


async def test_the_mail_says_who_why_and_how_to_leave(app: Quart) -> None:
    async with post_office(app) as office:
        _, post, mail = await mentioned(office)
        message = mail.message
        assert parseaddr(str(message["From"]))[1] == "notifications@mail.ostrelle.example"
        assert "Amélie Roussel via" in str(message["From"])
        assert re.fullmatch(r"r\.[a-z2-7]{53}@mail\.ostrelle\.example", str(message["Reply-To"]))
        assert re.fullmatch(r"b\.[a-z2-7]{53}@mail\.ostrelle\.example", mail.sender)
        assert (
            str(message["List-Id"])
            == f'"Projet Rive-Nord" <{to_public(post.space_id)}.mail.ostrelle.example>'
        )
        assert str(message["List-Unsubscribe-Post"]) == "List-Unsubscribe=One-Click"
        assert re.match(
            r"<http://127\.0\.0\.1:8800/m/u/u\.[a-z2-7]{53}>, <mailto:u\.",
            str(message["List-Unsubscribe"]),
        )
        assert str(message["X-Auto-Response-Suppress"]) == "All"
        # As it travels: no program has to decode the link, and no line is too long.
        assert re.search(rb"\r\nList-Unsubscribe: <http://[^>]+>, <mailto:[^>]+>\r\n", mail.raw)
        assert max(len(line) for line in mail.raw.split(b"\r\n")) < 998
        assert message["Auto-Submitted"] is None
        text, html = mail.part("plain"), mail.part("html")
        for part in (text, html):
            assert "Merci de relire la page deux avant jeudi." in part
            assert f"/posts/{to_public(post.id)}" in part
            assert "/m/u/u." in part
        assert "cid:logo" in html
        assert 'name="color-scheme"' in html
        assert [p.get_content_type() for p in message.walk()] == [
            "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png",
        ]  # fmt: skip
        assert b"rse" not in mail.raw.lower().replace(b"traverse", b"").partition(b"\r\n\r\n")[0]


async def test_a_second_mail_of_a_conversation_stands_below_the_first(app: Quart) -> None:
    async with post_office(app) as office:
        reader, post, first = await mentioned(office)
        author = await Person.get(id=post.author_id)
        await make.comment(post, author, f"Et encore, @{reader.handle}")
        second = (await office.sent_to(reader.email))[1]
        assert str(first.message["Message-ID"]) in str(second.message["References"])
        assert (
            str(second.message["References"]).split()[0]
            == str(first.message["References"]).split()[0]
        )
        assert str(second.message["Subject"]) == f"Re: {first.message['Subject']}"


async def test_a_read_notice_is_not_mailed(app: Quart) -> None:
    async with post_office(app) as office:
        author = await make.person("Amélie Roussel")
        space = await make.space(author)
        reader = await make.member(space, "Lea Marchetti")
        post = await make.post(author, space, f"Vu, @{reader.handle} ?")
        office.catcher.answer = "451 4.3.0 later"
        await drain()
        office.catcher.answer = "250 2.6.0 Caught"
        await mark_read(reader.id, thread_id=post.id)
        clock.shift(timedelta(minutes=10))
        await queue.send_due()
        assert office.catcher.to(str(reader.email)) == []


async def test_a_relay_that_is_down_delays_and_one_that_refuses_ends(app: Quart) -> None:
    async with post_office(app) as office:
        author = await make.person("Amélie Roussel")
        space = await make.space(author)
        reader = await make.member(space, "Lea Marchetti")
        office.catcher.answer = "451 4.3.0 later"
        await make.post(author, space, f"Un, @{reader.handle}")
        assert await office.sent_to(reader.email) == []
        waits = []
        for _ in range(5):
            mail = await MailOut.get(person_id=reader.id)
            waits.append(round((mail.due_at - clock.now()).total_seconds() / 60))
            clock.shift(mail.due_at - clock.now())
            await queue.send_due()
        assert waits == [1, 5, 15, 60, 60]
        office.catcher.answer = "250 2.6.0 Caught"
        mail = await MailOut.get(person_id=reader.id)
        clock.shift(mail.due_at - clock.now())
        await queue.send_due()
        assert len(office.catcher.to(str(reader.email))) == 1
        office.catcher.answer = "554 5.7.1 never"
        await make.post(author, space, f"Deux, @{reader.handle}")
        await office.sent_to(reader.email)
        assert [m.state for m in await MailOut.filter(person_id=reader.id).order_by("id")] == [
            "sent",
            "failed",
        ]


async def test_the_button_of_the_mail_program_ends_the_mail_of_a_conversation(
    app: Quart, browser: Browser
) -> None:
    async with post_office(app) as office:
        reader, post, mail = await mentioned(office)
        path = re.search(
            r"<http://127\.0\.0\.1:8800(/m/u/[^>]+)>", str(mail.message["List-Unsubscribe"])
        )
        assert path is not None
        page = await browser.text(path[1])
        assert "<form" in page
        client = app.test_client()
        wrong = await client.post(
            path[1],
            data="x=1",
            headers={"Content-Type": "application/x-www-form-urlencoded", "Host": "127.0.0.1"},
        )
        assert wrong.status_code == 422
        for _ in range(2):
            response = await client.post(
                path[1],
                data="List-Unsubscribe=One-Click",
                headers={"Content-Type": "application/x-www-form-urlencoded", "Host": "127.0.0.1"},
            )
            assert response.status_code == 200
        await make.comment(post, await Person.get(id=post.author_id), f"Encore, @{reader.handle}")
        assert len(await office.sent_to(reader.email)) == 1
        forged = path[1][:-1] + ("a" if path[1][-1] != "a" else "b")
        assert (await browser.get(forged)).status_code == 404


async def test_a_mail_to_the_unsubscribe_address_does_the_same(app: Quart) -> None:
    async with post_office(app) as office:
        reader, post, mail = await mentioned(office)
        to = re.search(r"<mailto:([^>]+)>", str(mail.message["List-Unsubscribe"]))
        assert to is not None
        raw = f"From: {reader.email}\r\nMessage-ID: <u@client.example>\r\nSubject: unsubscribe\r\n\r\n".encode()
        assert (await office.receive(raw, to[1], str(reader.email))).startswith("250")
        await make.comment(post, await Person.get(id=post.author_id), f"Encore, @{reader.handle}")
        assert len(await office.sent_to(reader.email)) == 1


async def test_bounces_stop_the_mail_of_an_address(app: Quart) -> None:
    async with post_office(app) as office:
        reader, post, mail = await mentioned(office)
        report = (
            "From: mailer-daemon@elsewhere.example\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
            "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.elsewhere.example\r\n\r\n"
            "Final-Recipient: rfc822; somebody.else@elsewhere.example\r\nAction: failed\r\nStatus: {status}\r\n\r\n--b--\r\n"
        )
        for number, status in enumerate(("5.7.1", "4.2.2", "5.1.1", "5.1.1")):
            raw = report.format(status=status).encode() + str(number).encode()
            assert (await office.receive(raw, mail.sender, "")).startswith("250")
        await make.comment(post, await Person.get(id=post.author_id), f"Encore, @{reader.handle}")
        assert len(await office.sent_to(reader.email)) == 1
        clock.shift(timedelta(days=31))
        await make.comment(
            post, await Person.get(id=post.author_id), f"Et encore, @{reader.handle}"
        )
        assert len(await office.sent_to(reader.email)) == 2


async def test_a_complaint_ends_mail_of_that_kind(app: Quart) -> None:
    async with post_office(app) as office:
        reader, post, mail = await mentioned(office)
        report = (
            b"From: fbl@elsewhere.example\r\n"
            b"Content-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n"
            b"--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\n--b--\r\n"
        )
        assert (await office.receive(report, mail.sender, "fbl@elsewhere.example")).startswith(
            "250"
        )
        await make.comment(post, await Person.get(id=post.author_id), f"Encore, @{reader.handle}")
        assert len(await office.sent_to(reader.email)) == 1
