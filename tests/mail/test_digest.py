"""Digests: at the person's hour, never empty, only what is unread and may still be seen, once."""

import re
from datetime import timedelta
from email.utils import parseaddr
from urllib.parse import unquote

from quart import Quart

from rse.feed.models import Comment, Post
from rse.identity.models import Person
from rse.kernel import clock
from rse.kernel.ids import to_public
from rse.kernel.jobs import drain
from rse.mail import digest_letters
from rse.mail.models import MailOut
from rse.mail.out import queue
from rse.notifications import mark_read, preferences
from rse.notifications.models import NoticeDigest, NoticeTimes, Notification
from rse.notifications.times import change_times
from rse.spaces import actions as spaces
from rse.spaces.models import Space
from tests import make
from tests.mail.post_office import PostOffice, post_office
from tests.web_client import Browser


async def a_reader(name: str = "Lea Marchetti") -> tuple[Person, Space, Person]:
    author = await make.person("Amélie Roussel")
    space = await make.space(author)
    return await make.member(space, name), space, author


async def a_week_later(office: PostOffice) -> None:
    await drain()
    clock.shift(timedelta(days=7, hours=1))
    for _again in range(2):
        await digest_letters.queue_due()
        await queue.send_due()
        await drain()


async def test_what_was_not_read_comes_once_by_conversation_with_an_address_to_answer(
    app: Quart,
) -> None:
    async with post_office(app) as office:
        reader, space, author = await a_reader()
        await Person.filter(id=reader.id).update(language="fr")
        post = await make.post(author, space, "La façade nord est terminée.")
        await make.post(author, space, "Visite ouverte jeudi.")
        assert await office.sent_to(reader.email) == []
        await a_week_later(office)
        [mail] = office.catcher.to(str(reader.email))
        assert str(mail.message["Auto-Submitted"]) == "auto-generated"
        assert str(mail.message["List-Unsubscribe-Post"]) == "List-Unsubscribe=One-Click"
        for part in (mail.part("plain"), mail.part("html")):
            assert "La façade nord est terminée." in part
            assert "Visite ouverte jeudi." in part
            assert f"/posts/{to_public(post.id)}" in part
        assert not await Notification.filter(digest_id=0).exists()
        assert not await NoticeDigest.exists()
        found = re.search(r'mailto:(r\.[a-z2-7]{53}@[^?"]+)', mail.part("html"))
        assert found
        raw = (
            f"From: {reader.email}\r\nTo: {unquote(found[1])}\r\nMessage-ID: <a@client.example>\r\n"
            "Subject: Re: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nBravo !\r\n"
        ).encode()
        assert (await office.receive(raw, found[1], str(reader.email))).startswith("250")
        assert [c.source for c in await Comment.filter(author_id=reader.id)] == ["Bravo !"]


async def test_what_was_read_is_gone_or_hidden_is_not_in_it_and_nothing_is_no_mail(
    app: Quart,
) -> None:
    async with post_office(app) as office:
        reader, space, author = await a_reader()
        read = await make.post(author, space, "Déjà lu")
        gone = await make.post(author, space, "Retiré")
        await drain()
        await mark_read(reader.id, thread_id=read.id)
        await Post.filter(id=gone.id).update(deleted_at=clock.now())
        await a_week_later(office)
        assert office.catcher.to(str(reader.email)) == []


async def test_rights_are_asked_again_at_the_moment_of_sending(app: Quart) -> None:
    async with post_office(app) as office:
        author = await make.person("Amélie Roussel")
        secret = await make.space(author, "Fusion", "secret")
        open_space = await make.space(author, "Ouvert")
        reader = await make.member(secret, "Lea Marchetti")
        await spaces.admit(open_space.id, reader.id)
        await make.post(author, secret, "Le prix est de douze millions.")
        await make.post(author, open_space, "Gâteau à midi.")
        await drain()
        clock.shift(timedelta(days=7, hours=1))
        await digest_letters.queue_due()
        await spaces.dismiss(secret.id, reader.id)
        await queue.send_due()
        [mail] = office.catcher.to(str(reader.email))
        assert "Gâteau à midi." in mail.part("plain")
        assert b"millions" not in mail.raw


async def test_what_came_by_mail_at_once_does_not_come_again(app: Quart) -> None:
    async with post_office(app) as office:
        reader, space, author = await a_reader()
        await make.post(author, space, f"Pour toi, @{reader.handle}")
        assert len(await office.sent_to(reader.email)) == 1
        await a_week_later(office)
        assert len(office.catcher.to(str(reader.email))) == 1


async def test_a_tried_again_digest_has_the_same_message_id_and_the_same_contents(
    app: Quart,
) -> None:
    async with post_office(app) as office:
        reader, space, author = await a_reader()
        await make.post(author, space, "Un")
        await drain()
        clock.shift(timedelta(days=7, hours=1))
        await digest_letters.queue_due()
        mail = await MailOut.get(kind="digest")
        first = await digest_letters.write(mail)
        await make.post(author, space, "Deux, plus tard")
        await drain()
        second = await digest_letters.write(await MailOut.get(id=mail.id))
        assert first
        assert second
        assert first.message_id == second.message_id
        assert "Deux" not in second.text
        await a_week_later(office)
        assert len(office.catcher.to(str(reader.email))) == 2


async def test_the_rhythm_is_the_person_s_and_never_is_never(app: Quart, browser: Browser) -> None:
    async with post_office(app) as office:
        account = await make.account("Lea")
        owner = await make.person()
        space = await make.space(owner)
        await spaces.admit(space.id, account.person_id)
        await make.post(owner, space, "Un")
        await drain()
        await browser.sign_in(account)
        page = "/settings/notifications/digest"
        form = {"digest": "daily", "digest_hour": "8", "digest_weekday": "0"}
        assert (await browser.post(page, form)).status_code == 303
        due = await NoticeDigest.get(person_id=account.person_id)
        assert due.due_at - clock.now() <= timedelta(days=1)
        await browser.post(page, {**form, "digest": "never"})
        assert not await NoticeDigest.filter(person_id=account.person_id).exists()
        await make.post(owner, space, "Deux")
        await a_week_later(office)
        assert office.catcher.to(str(account.person.email)) == []
        assert (await browser.post(page, {**form, "digest_hour": "31"})).status_code == 422


async def test_one_press_in_the_mail_ends_the_summaries(app: Quart) -> None:
    async with post_office(app) as office:
        reader, space, author = await a_reader()
        await make.post(author, space, "Un")
        await a_week_later(office)
        [mail] = office.catcher.to(str(reader.email))
        path = re.search(
            r"<http://127\.0\.0\.1:8800(/m/u/[^>]+)>", str(mail.message["List-Unsubscribe"])
        )
        assert path
        page = await Browser(app).text(path[1])
        assert "No more summaries" in page
        answer = await app.test_client().post(
            path[1], data="List-Unsubscribe=One-Click",
            headers={"Content-Type": "application/x-www-form-urlencoded", "Host": "127.0.0.1"},
        )  # fmt: skip
        assert answer.status_code == 200
        assert (await NoticeTimes.get(person_id=reader.id)).digest == "never"
        assert await preferences.wants(reader.id, "feed.mention", "mail")
        assert parseaddr(str(mail.message["From"]))[1].startswith("notifications@")


async def test_quiet_hours_hold_a_digest_too(app: Quart) -> None:
    async with post_office(app) as office:
        reader, space, author = await a_reader()
        await make.post(author, space, "Un")
        await drain()
        await change_times(reader, paused_until=clock.now() + timedelta(days=20))
        await a_week_later(office)
        assert office.catcher.caught == []
        clock.shift(timedelta(days=14))
        await queue.send_due()
        assert len(office.catcher.to(str(reader.email))) == 1
