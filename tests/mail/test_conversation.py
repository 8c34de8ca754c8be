# ruff: noqa: E501 - a sample of mail keeps its long lines
"""The whole way: a mention goes out, the answer comes in by SMTP and is a comment, once."""

import os
import re
import time
from email.utils import parseaddr

import pytest
from quart import Quart

from rse.feed.models import Comment
from rse.mail import act
from rse.mail.models import MailIn
from tests import make
from tests.mail.post_office import answer_to, post_office
from tests.mail.stories import mentioned, texts


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


async def test_a_fault_inside_keeps_the_mail_for_later(
    app: Quart, monkeypatch: pytest.MonkeyPatch
) -> None:
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
        os.utime(spool.root / "failed-1" / name, (time.time() - 120, time.time() - 120))
        await office.work()
        assert await texts(post) == ["Plus tard."]


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
