"""Answers that must not be posted: whose they are not, what a machine wrote, what is refused."""

import re
from datetime import timedelta
from email.utils import parseaddr

import pytest
from quart import Quart

from rse.identity import people
from rse.identity.models import Account, Person
from rse.kernel import clock
from rse.mail.models import MailDraft
from rse.spaces import actions as spaces
from rse.spaces.models import Space
from tests import make
from tests.mail.post_office import answer_to, post_office
from tests.mail.stories import mentioned, texts
from tests.web_client import Browser


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


async def test_too_many_answers_in_a_row_come_back(app: Quart) -> None:
    async with post_office(app) as office:
        reader, post, mail = await mentioned(office)
        for number in range(7):
            raw, to = answer_to(mail, f"Message {number}", author=str(reader.email))
            await office.receive(raw, to, str(reader.email))
        assert len(await texts(post)) == 5
        assert await MailDraft.filter(person_id=reader.id).count() == 2


async def test_a_line_end_in_a_subject_adds_no_header_to_the_mail_that_goes_back(
    app: Quart,
) -> None:
    async with post_office(app) as office:
        reader, _, mail = await mentioned(office)
        clock.shift(timedelta(days=91))
        raw, to = answer_to(mail, "Trop tard ?", author=str(reader.email))
        raw = re.sub(
            rb"Subject: .*\r\n",
            b"Subject: =?utf-8?q?a=0D=0AX-Injected:_1?=\r\n",
            raw,
            count=1,
        )
        await office.receive(raw, to, str(reader.email))
        returned = (await office.sent_to(reader.email))[-1]
        assert returned.message["X-Injected"] is None
        assert "X-Injected: 1" in str(returned.message["Subject"])
