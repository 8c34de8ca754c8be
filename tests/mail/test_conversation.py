# ruff: noqa: E501 - a sample of mail keeps its long lines
"""The whole way: a mention goes out by mail, the answer comes in by SMTP and is a comment, once."""

import re
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path

import pytest
from quart import Quart

from rse.feed.models import Comment, Post
from rse.identity.models import Account, Person
from rse.kernel import clock
from rse.kernel.ids import to_public
from rse.mail.models import MailDraft, MailIn
from rse.spaces.models import Space
from tests import make
from tests.mail.post_office import PostOffice, answer_to, post_office
from tests.testenv.mailcatcher import Caught
from tests.web_client import Browser


async def mentioned(office: PostOffice, language: str = "fr") -> tuple[Person, Post, Caught]:
    """Somebody who was mentioned in a post, and the mail about it."""
    author = await make.person("Amélie Roussel")
    space = await make.space(author)
    reader = await make.member(space, "Lea Marchetti")
    await Person.filter(id=reader.id).update(language=language)
    reader = await Person.get(id=reader.id).select_related("organisation")
    post = await make.post(
        author,
        space,
        f"Le plan de l'atelier est prêt, @{reader.handle}. Merci de relire la page deux avant jeudi.",
    )
    caught = await office.sent_to(reader.email)
    assert len(caught) == 1
    return reader, post, caught[0]


async def texts(post: Post) -> list[str]:
    return [comment.source for comment in await Comment.filter(post_id=post.id).order_by("id")]


async def test_an_answer_by_mail_becomes_the_same_comment_as_any(app: Quart) -> None:
    async with post_office(app) as office:
        reader, post, mail = await mentioned(office)
        raw, to = answer_to(mail, "Je relis demain matin.\n\nLea", author=str(reader.email))
        assert (await office.receive(raw, to, str(reader.email))).startswith("250")
        comment = await Comment.get(post_id=post.id).select_related("author")
        assert (comment.author.id, comment.source) == (reader.id, "Je relis demain matin.\n\nLea")
        assert await MailIn.filter(person_id=reader.id, outcome="posted").count() == 1


async def test_the_same_answer_twice_is_one_comment(app: Quart) -> None:
    async with post_office(app) as office:
        reader, post, mail = await mentioned(office)
        raw, to = answer_to(mail, "Une fois.", author=str(reader.email))
        await office.receive(raw, to, str(reader.email))
        # Another copy, on another way: other bytes, the same words to the same place.
        await office.receive(b"Received: by other.example\r\n" + raw, to.upper(), str(reader.email))
        assert await texts(post) == ["Une fois."]


async def test_killed_between_the_deed_and_its_mark_the_answer_is_posted_once(app: Quart) -> None:
    async with post_office(app) as office:
        reader, post, mail = await mentioned(office)
        raw, to = answer_to(mail, "Une seule fois.", author=str(reader.email))
        await office.receive(raw, to, str(reader.email))
        spool = office.doors.spool
        (done,) = [
            path.name for path in (spool.root / "done").iterdir() if raw in path.read_bytes()
        ]
        # The process died before the rename: the mail is found where it was.
        spool.settle(spool.read(done), "received")
        await office.work()
        assert await texts(post) == ["Une seule fois."]
        assert spool.state_of(done) == "done"


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
    from rse.notifications.actions import mark_read

    async with post_office(app) as office:
        author = await make.person("Amélie Roussel")
        space = await make.space(author)
        reader = await make.member(space, "Lea Marchetti")
        post = await make.post(author, space, f"Vu, @{reader.handle} ?")
        from rse.kernel import jobs

        office.catcher.answer = "451 4.3.0 later"
        await jobs.drain()
        office.catcher.answer = "250 2.6.0 Caught"
        await mark_read(reader.id, thread_id=post.id)
        clock.shift(timedelta(minutes=10))
        from rse.mail.out import queue

        await queue.send_due()
        assert office.catcher.to(str(reader.email)) == []


async def test_a_relay_that_is_down_delays_and_one_that_refuses_ends(app: Quart) -> None:
    from rse.mail.models import MailOut
    from rse.mail.out import queue

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


async def test_somebody_else_with_the_reply_address_is_not_its_owner(app: Quart) -> None:
    async with post_office(app) as office:
        reader, post, mail = await mentioned(office)
        colleague = await make.person("Marc Teyssier")
        raw, to = answer_to(mail, "Je réponds à sa place.", author=str(colleague.email))
        assert (await office.receive(raw, to, str(colleague.email))).startswith("250")
        assert await texts(post) == []
        question = (await office.sent_to(colleague.email))[-1]
        assert "Je réponds à sa place." in question.part("plain")
        assert len(await office.sent_to(reader.email)) == 1


async def test_a_stranger_with_the_reply_address_gets_no_mail_and_posts_nothing(app: Quart) -> None:
    async with post_office(app) as office:
        _, post, mail = await mentioned(office)
        raw, to = answer_to(mail, "Spam.", author="evil@bad.example")
        await office.receive(raw, to, "evil@bad.example")
        assert await texts(post) == []
        assert await office.sent_to("evil@bad.example") == []


async def test_an_unproven_sender_is_asked_and_posts_by_one_click(
    app: Quart, browser: Browser
) -> None:
    async with post_office(app, trusted_relays=["10.0.0.0/8"]) as office:
        reader, post, mail = await mentioned(office)
        raw, to = answer_to(mail, "C'est bien moi.", author=str(reader.email))
        await office.receive(raw, to, str(reader.email))
        assert await texts(post) == []
        question = (await office.sent_to(reader.email))[-1]
        assert "C'est bien moi." in question.part("plain")
        path = re.search(r"http://127\.0\.0\.1:8800(/m/d/\S+)", question.part("plain"))
        assert path is not None
        # Whatever opens the link, even twice, only sees it.
        assert "C&#39;est bien moi." in await browser.text(path[1])
        assert await texts(post) == []
        assert (await browser.post(path[1])).status_code == 200
        assert await texts(post) == ["C'est bien moi."]
        assert (await browser.post(path[1])).status_code == 409
        assert await texts(post) == ["C'est bien moi."]


async def test_a_failed_proof_is_never_posted_silently(app: Quart) -> None:
    async with post_office(app, authserv_id="mx.ostrelle.example") as office:
        reader, post, mail = await mentioned(office)
        failed = (
            "Authentication-Results: mx.ostrelle.example; dmarc=fail header.from=ostrelle.example\n"
        )
        raw, to = answer_to(mail, "Faux.", author=str(reader.email), headers=failed)
        await office.receive(raw, to, str(reader.email))
        assert await texts(post) == []
        assert await MailDraft.filter(person_id=reader.id, why="confirm").count() == 1


async def test_refused_words_come_back_whole_to_the_registered_address(
    app: Quart, browser: Browser
) -> None:
    async with post_office(app) as office:
        reader, post, mail = await mentioned(office)
        from rse.spaces import actions as spaces

        await spaces.leave(
            await Person.get(id=reader.id).select_related("organisation"), post.space_id
        )
        await Space.filter(id=post.space_id).update(access="secret")
        raw, to = answer_to(mail, "Des mots précieux.\n\nEt une suite.", author=str(reader.email))
        await office.receive(raw, to, str(reader.email))
        assert await texts(post) == []
        returned = (await office.sent_to(reader.email))[-1]
        assert "Des mots précieux.\n\nEt une suite." in returned.part("plain").replace("\r\n", "\n")
        assert str(returned.message["Auto-Submitted"]) == "auto-generated"
        draft = await MailDraft.get(person_id=reader.id)
        assert draft.text == "Des mots précieux.\n\nEt une suite."
        assert draft.reason
        path = re.search(r"(/m/d/\S+)", returned.part("plain"))
        assert path is not None
        refused = await browser.post(path[1])
        assert refused.status_code in {403, 404}
        await spaces.admit(post.space_id, reader.id)
        assert (await browser.post(path[1])).status_code == 200
        assert await texts(post) == ["Des mots précieux.\n\nEt une suite."]


async def test_an_expired_address_gives_the_words_back(app: Quart) -> None:
    async with post_office(app) as office:
        reader, post, mail = await mentioned(office)
        clock.shift(timedelta(days=91))
        raw, to = answer_to(mail, "Trop tard ?", author=str(reader.email))
        await office.receive(raw, to, str(reader.email))
        assert await texts(post) == []
        assert "Trop tard ?" in (await office.sent_to(reader.email))[-1].part("plain")


async def test_a_revoked_address_is_worthless(app: Quart) -> None:
    async with post_office(app) as office:
        reader, post, mail = await mentioned(office)
        await Account.filter(person_id=reader.id).update(epoch=1)
        raw, to = answer_to(mail, "Encore moi.", author=str(reader.email))
        await office.receive(raw, to, str(reader.email))
        assert await texts(post) == []
        assert "Encore moi." in (await office.sent_to(reader.email))[-1].part("plain")


async def test_somebody_switched_off_posts_nothing(app: Quart) -> None:
    from rse.identity import people

    async with post_office(app) as office:
        reader, post, mail = await mentioned(office)
        await people.deactivate(reader.id, "admin")
        raw, to = answer_to(mail, "Parti.", author=str(reader.email))
        await office.receive(raw, to, str(reader.email))
        assert await texts(post) == []
        assert len(await office.sent_to(reader.email)) == 1


async def test_an_empty_answer_is_explained(app: Quart) -> None:
    async with post_office(app) as office:
        reader, post, mail = await mentioned(office)
        raw, to = answer_to(mail, "", author=str(reader.email))
        await office.receive(raw, to, str(reader.email))
        assert await texts(post) == []
        assert str((await office.sent_to(reader.email))[-1].message["X-Reason"]) == "empty"


@pytest.mark.parametrize(
    "headers",
    [
        "Auto-Submitted: auto-replied\n",
        "Precedence: bulk\n",
        "X-Hops: 3\n",
        "List-Id: <x.mail.ostrelle.example>\n",
        "X-Autoreply: yes\n",
    ],
)
async def test_machines_and_loops_are_not_answered_and_post_nothing(
    app: Quart, headers: str
) -> None:
    async with post_office(app) as office:
        reader, post, mail = await mentioned(office)
        raw, to = answer_to(
            mail, "Je suis absente jusqu'au 3.", author=str(reader.email), headers=headers
        )
        assert (await office.receive(raw, to, str(reader.email))).startswith("250")
        assert await texts(post) == []
        assert len(await office.sent_to(reader.email)) == 1


async def test_out_of_office_without_any_header_is_known_by_its_subject(app: Quart) -> None:
    async with post_office(app) as office:
        reader, post, mail = await mentioned(office)
        raw, to = answer_to(mail, "Absente.", author=str(reader.email))
        raw = re.sub(
            rb"Subject: .*\r\n", "Subject: Réponse automatique : plan\r\n".encode(), raw, count=1
        )
        await office.receive(raw, to, str(reader.email))
        assert await texts(post) == []


async def test_our_own_mail_coming_back_ends_here(app: Quart) -> None:
    async with post_office(app) as office:
        _, post, mail = await mentioned(office)
        await office.receive(mail.raw, parseaddr(str(mail.message["Reply-To"]))[1], mail.sender)
        assert await texts(post) == []
        assert len(office.catcher.caught) == 1


async def test_a_null_sender_never_posts(app: Quart) -> None:
    async with post_office(app) as office:
        reader, post, mail = await mentioned(office)
        raw, to = answer_to(mail, "Delivery failed.", author=str(reader.email))
        await office.receive(raw, to, "")
        assert await texts(post) == []


async def test_two_answers_with_one_message_id_are_two_comments(app: Quart) -> None:
    async with post_office(app) as office:
        reader, post, mail = await mentioned(office)
        raw, to = answer_to(mail, "Un.", author=str(reader.email))
        await office.receive(raw, to, str(reader.email))
        await office.receive(raw.replace(b"Un.", b"Deux."), to, str(reader.email))
        assert await texts(post) == ["Un.", "Deux."]


async def test_an_answer_without_a_message_id_is_posted_once(app: Quart) -> None:
    async with post_office(app) as office:
        reader, post, mail = await mentioned(office)
        raw, to = answer_to(mail, "Sans nom.", author=str(reader.email))
        raw = re.sub(rb"Message-ID: .*\r\n", b"", raw, count=1)
        await office.receive(raw, to, str(reader.email))
        await office.receive(raw, to, str(reader.email))
        assert await texts(post) == ["Sans nom."]


async def test_too_many_answers_in_a_row_come_back(app: Quart) -> None:
    async with post_office(app) as office:
        reader, post, mail = await mentioned(office)
        for number in range(7):
            raw, to = answer_to(mail, f"Message {number}", author=str(reader.email))
            await office.receive(raw, to, str(reader.email))
        assert len(await texts(post)) == 5
        assert await MailDraft.filter(person_id=reader.id).count() == 2


async def test_a_fault_inside_keeps_the_mail_for_later(
    app: Quart, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rse.mail import act

    async with post_office(app) as office:
        reader, post, mail = await mentioned(office)
        raw, to = answer_to(mail, "Plus tard.", author=str(reader.email))

        async def broken(*_: object) -> None:
            raise ConnectionError("the database is away")

        with monkeypatch.context() as patched:
            patched.setattr(act, "_answered", broken)
            assert (await office.receive(raw, to, str(reader.email))).startswith("250")
        spool = office.doors.spool
        (name,) = spool.due(float("inf"))
        assert spool.state_of(name) == "failed-1"
        await office.work()
        assert await texts(post) == []
        Path(spool.root / "failed-1" / name).touch()
        import os
        import time

        os.utime(spool.root / "failed-1" / name, (time.time() - 120, time.time() - 120))
        await office.work()
        assert await texts(post) == ["Plus tard."]


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


async def test_mail_for_the_postmaster_reaches_the_administrators(app: Quart) -> None:
    async with post_office(app) as office:
        admin = await make.account("Nora Brandt", admin=True)
        raw = b"From: someone@elsewhere.example\r\nSubject: Help\r\n\r\nYour relay is open.\r\n"
        assert (
            await office.receive(
                raw, "Postmaster@mail.ostrelle.example", "someone@elsewhere.example"
            )
        ).startswith("250")
        assert "Your relay is open." in (await office.sent_to(admin.person.email))[0].part("plain")


async def test_a_file_alone_is_an_answer(app: Quart) -> None:
    async with post_office(app) as office:
        reader, post, mail = await mentioned(office)
        to = parseaddr(str(mail.message["Reply-To"]))[1]
        raw = (
            f"From: {reader.email}\r\nMessage-ID: <f@client.example>\r\nSubject: Re: plan\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
            "--b\r\nContent-Type: text/plain\r\n\r\nVoir le fichier.\r\n--b\r\nContent-Type: text/plain; name=notes.txt\r\n"
            "Content-Disposition: attachment; filename=notes.txt\r\n\r\nune note\r\n--b--\r\n"
        )
        await office.receive(raw.encode(), to, str(reader.email))
        assert await texts(post) == ["Voir le fichier."]
