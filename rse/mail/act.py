"""From a spooled mail to what it does: an answer posted once, or its words given back."""

import asyncio
import logging
from datetime import UTC, datetime

from pydantic import ValidationError
from tortoise.exceptions import IntegrityError

from rse.config import settings
from rse.identity.models import Account, Person
from rse.kernel import limits
from rse.kernel.db import transaction
from rse.kernel.errors import Invalid, NotAllowed, NotFound, RseError, TooMany, Unavailable
from rse.kernel.i18n import gettext as _
from rse.kernel.i18n import using
from rse.mail import auth, body, bounce, classify, mime, ours, reject, screen
from rse.mail.address import Kind, Token, is_expired, topic_code
from rse.mail.answer import Answer
from rse.mail.classify import Nature
from rse.mail.deeds import deed
from rse.mail.mailboxes import canonical
from rse.mail.mime import Mail
from rse.mail.models import POSTED, MailIn
from rse.mail.notice_letters import parent_text
from rse.mail.spool import Entry
from rse.mail.types import MailHandler, handlers
from rse.mail.unsubscribe import unsubscribe

log = logging.getLogger(__name__)

DONE, REJECTED, HELD = "done", "rejected", "held"
POSTS, POSTS_SECONDS = 5, 600


async def take(entry: Entry, *, is_trusted_peer: bool) -> str:
    """Do what a spooled mail asks for; the state it ends in comes back."""
    mail = await asyncio.to_thread(mime.parse, entry.raw)
    author = screen.author(mail.headers)
    nature = classify.nature_of(
        mail, entry.envelope.sender, author.address if author else "", ours.routes().domains
    )
    tokens = ours.routes().tokens(entry.envelope.recipients)
    if nature is Nature.BOUNCE:
        for token in (token for token in tokens if token.kind is Kind.BOUNCE):
            await bounce.note(token, mail)
        return DONE
    if nature in {Nature.LOOP, Nature.OURS} or author is None:
        return _dropped(entry, nature)
    for token in (token for token in tokens if token.kind is Kind.UNSUBSCRIBE):
        await unsubscribe(token)
    if nature is Nature.AUTOMATIC:
        return _dropped(entry, nature)
    if ours.routes().is_for_postmaster(entry.envelope.recipients):
        await reject.pass_to_postmaster(mail, author.address)
    verdict = auth.verdict(
        mail,
        author.address,
        authserv_id=settings().mail.authserv_id,
        is_trusted_peer=is_trusted_peer,
    )
    is_proven = auth.may_post(verdict, is_trusted_peer=is_trusted_peer)
    states = [
        await _answered(entry, mail, author.address, token, is_proven)
        for token in tokens
        if token.kind is Kind.REPLY
    ]
    states += [
        await _done(entry, author.address, token) if is_proven else HELD
        for token in tokens
        if token.kind is Kind.ACT
    ]
    return HELD if HELD in states else DONE


async def _done(entry: Entry, author: str, token: Token) -> str:
    """Do the one thing an address stands for, if its own person wrote to it."""
    try:
        found = await deed(token)
        if not _is_address_of(author, found.person):
            raise NotAllowed("another person's address")
        with using(found.person.language, found.person.timezone):
            await found.action.run(found.person, found.object_id)
    except Unavailable:
        raise  # tried again later, from the spool
    except RseError:
        log.info("mail held", extra={"mail": entry.name[:12], "nature": "deed"})
        return HELD
    return DONE


def _dropped(entry: Entry, nature: Nature) -> str:
    log.info("mail dropped", extra={"mail": entry.name[:12], "nature": str(nature)})
    return REJECTED


async def _answered(entry: Entry, mail: Mail, author: str, token: Token, is_proven: bool) -> str:
    owner = await Person.get_or_none(id=token.person_id).select_related("organisation")
    writer = owner if owner and _is_address_of(author, owner) else await _member(author)
    if owner is None or writer is None or not writer.is_active:
        # Nobody of ours wrote this: no mail goes to an address nobody proved.
        log.info("mail held", extra={"mail": entry.name[:12], "nature": "stranger"})
        return HELD
    parent = await parent_text(mail.answers, owner.id)
    answer = Answer(entry, mail, author, token, await asyncio.to_thread(body.typed, mail, parent))
    with using(writer.language, writer.timezone):
        if writer.id != owner.id or not is_proven:
            await reject.ask(writer, answer, _topic(token))
        else:
            await _post_or_return(writer, answer)
    return DONE


async def _post_or_return(person: Person, answer: Answer) -> None:
    if answer.reply.is_empty and not answer.mail.files:
        await reject.say_empty(person, answer)
        return
    try:
        await _check(person, answer)
        await _post(person, answer, _handler(answer.token))
    except Unavailable:
        raise  # tried again later, from the spool
    except RseError as error:
        await reject.give_back(person, answer, _topic(answer.token), error.message)
    except ValidationError:
        await reject.give_back(
            person, answer, _topic(answer.token), _("This text cannot be posted as it is.")
        )


async def _check(person: Person, answer: Answer) -> None:
    account = await Account.get_or_none(person_id=person.id)
    if account is None or account.epoch & 0xFFFF != answer.token.epoch:
        raise NotAllowed(
            _("This reply address is not valid any more. Open the conversation to answer there.")
        )
    if is_expired(answer.token, ours.today(), settings().mail.reply_days):
        raise NotAllowed(
            _("This mail is too old to be answered. Open the conversation to answer there.")
        )


async def _post(person: Person, answer: Answer, handler: MailHandler) -> None:
    if await MailIn.exists(key=answer.key):
        return
    try:
        await limits.hit(f"mail:{person.id}:{answer.token.object_id}", POSTS, POSTS_SECONDS)
    except TooMany as error:
        raise Invalid(error.message) from error
    try:
        async with transaction():
            await MailIn.create(
                key=answer.key,
                person_id=person.id,
                topic=handler.kind,
                object_id=answer.token.object_id,
                outcome=POSTED,
                received_at=datetime.fromtimestamp(answer.entry.envelope.received_at, UTC),
            )
            await handler.run(person, answer.token.object_id, answer.incoming)
    except IntegrityError:
        # Another process was quicker with the same mail; anything else is a real fault.
        if not await MailIn.exists(key=answer.key):
            raise


def _handler(token: Token) -> MailHandler:
    for handler in handlers.values():
        if topic_code(handler.kind) == token.topic:
            return handler
    raise NotFound(_("What you answered does not exist any more."))


def _topic(token: Token) -> str:
    return next((kind for kind in handlers if topic_code(kind) == token.topic), "")


def _is_address_of(author: str, person: Person) -> bool:
    return bool(person.email) and canonical(author) == canonical(str(person.email))


async def _member(author: str) -> Person | None:
    """The one active person of ours with this address."""
    found = await Person.filter(email=author.casefold(), uri=None, status="active").limit(2)
    return found[0] if len(found) == 1 else None
