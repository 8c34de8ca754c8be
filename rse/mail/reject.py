"""What is said when an answer is not posted: to the registered address, with all the words."""

from datetime import UTC, datetime

from rse.config import settings
from rse.identity.models import ADMIN, Account, Person
from rse.kernel import limits
from rse.kernel.db import transaction
from rse.kernel.errors import TooMany
from rse.kernel.i18n import gettext as _
from rse.kernel.text import clean_text
from rse.mail import drafts, system
from rse.mail.answer import Answer
from rse.mail.drafts import Kept
from rse.mail.mime import Mail
from rse.mail.models import KEPT, REFUSED, RETURNED, TO_CONFIRM, MailIn

MAILS_AN_HOUR = 10
_SHOWN_CHARS = 100_000


async def give_back(person: Person, answer: Answer, topic: str, sentence: str) -> None:
    """Return the full text with the reason, and keep it behind a link."""
    await _keep_and_tell(person, answer, topic, "returned", sentence)


async def ask(person: Person, answer: Answer, topic: str) -> None:
    """Ask at the registered address whether this was the person, before anything is posted."""
    sentence = _("A mail in your name came in, but nothing proves that it was you:")
    await _keep_and_tell(person, answer, topic, "confirm", sentence)


async def say_empty(person: Person, answer: Answer) -> None:
    """Explain how to answer when there was not one typed word."""
    if await MailIn.exists(key=answer.key):
        return
    async with transaction():
        await _remember(person, answer, "", RETURNED)
        if await _may_mail(person):
            await _mail(person, answer, "empty", {})


async def pass_to_postmaster(mail: Mail, author: str) -> None:
    """Bring mail for the postmaster to somebody who reads it."""
    context = {
        "author": author,
        "subject": mail.subject,
        "text": clean_text(mail.text or "")[:_SHOWN_CHARS],
    }
    for address, language in await _postmasters():
        await system.send("postmaster", address, language, context)


async def _keep_and_tell(
    person: Person, answer: Answer, topic: str, kind: str, sentence: str
) -> None:
    if await MailIn.exists(key=answer.key):
        return
    text = clean_text(answer.reply.text)[:_SHOWN_CHARS]
    async with transaction():
        await _remember(person, answer, topic, KEPT if kind == "confirm" else RETURNED)
        url = await drafts.keep(
            Kept(
                person_id=person.id,
                why=TO_CONFIRM if kind == "confirm" else REFUSED,
                reason=sentence,
                topic=topic,
                object_id=answer.token.object_id,
                text=text,
                spool_name=answer.entry.name,
                mail_key=answer.key,
            )
        )
        if await _may_mail(person):
            await _mail(person, answer, kind, {"sentence": sentence, "text": text, "url": url})


async def _remember(person: Person, answer: Answer, topic: str, outcome: str) -> None:
    await MailIn.create(
        key=answer.key,
        person_id=person.id,
        topic=topic,
        object_id=answer.token.object_id,
        outcome=outcome,
        received_at=datetime.fromtimestamp(answer.entry.envelope.received_at, UTC),
    )


async def _mail(person: Person, answer: Answer, kind: str, context: dict[str, str]) -> None:
    shown = {"name": person.display_name, "subject": answer.mail.subject, **context}
    await system.send(
        kind,
        str(person.email),
        person.language,
        shown,
        person_id=person.id,
        in_reply_to=answer.mail.message_id,
    )


async def _may_mail(person: Person) -> bool:
    """So many mails an hour; past that the words are kept and nothing more is said."""
    if not person.email:
        return False
    try:
        await limits.hit(f"mail-returned:{person.id}", MAILS_AN_HOUR, 3600)
    except TooMany:
        return False
    return True


async def _postmasters() -> list[tuple[str, str]]:
    if settings().mail.postmaster:
        return [(settings().mail.postmaster, settings().community.language)]
    admins = (
        await Account.filter(role=ADMIN, person__status="active").select_related("person").limit(20)
    )
    return [
        (account.person.email, account.person.language)
        for account in admins
        if account.person.email
    ]
