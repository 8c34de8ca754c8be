"""The outgoing queue: each mail alone, tried again, given up late, sent by one at a time."""

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.expressions import F

from rse.config import settings
from rse.kernel import clock
from rse.kernel.crypto import token
from rse.kernel.db import transaction
from rse.kernel.reads import ids
from rse.mail.address import Kind
from rse.mail.bounce import is_suppressed
from rse.mail.events import MailQueued
from rse.mail.models import DROPPED, FAILED, QUEUED, SENT, MailOut
from rse.mail.ours import token_address
from rse.mail.out import relay
from rse.mail.out.compose import Letter, compose
from rse.mail.sealing import seal, unseal
from rse.notifications.models import Notification

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
BATCH = 50


class Later(Exception):
    """The person is not to be disturbed before `until`: the mail waits, and that is no failure."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


Writer = Callable[[MailOut], Awaitable[Letter | None]]
Settled = Callable[[MailOut, bool], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Desk:
    """How mails of one kind are written, and who hears what became of them."""

    write: Writer
    settled: Settled | None = None


desks: dict[str, Desk] = {}


def is_on() -> bool:
    """Whether mail leaves this instance at all."""
    return bool(settings().mail.relay.host)


async def add(  # noqa: PLR0913 - one sentence: queue this, to them, about that
    kind: str,
    *,
    key: str = "",
    person_id: int | None = None,
    notice_id: int | None = None,
    thread_id: int | None = None,
    words: Mapping[str, str] | None = None,
) -> bool:
    """Queue one mail with the change in progress; False when its key was queued before."""
    async with transaction() as change:
        if key and await MailOut.exists(key=key):
            return False
        mail = await MailOut.create(
            key=key or token(18),
            kind=kind,
            person_id=person_id,
            notice_id=notice_id,
            thread_id=thread_id,
            sealed=seal(json.dumps(dict(words)).encode()) if words is not None else None,
        )
        change.record(MailQueued(mail.id))
    return True


async def add_notices(kind: str, wanted: Mapping[str, Notification]) -> list[Notification]:
    """Queue one mail for each notice, by its key; those that were not queued before come back."""
    mails = {
        notice.id: MailOut(
            key=key, kind=kind, person_id=notice.person_id, notice_id=notice.id,
            thread_id=notice.thread_id,
        )
        for key, notice in wanted.items()
    }  # fmt: skip
    async with transaction() as change:
        # Another worker may be queueing the same: the unique key decides.
        await MailOut.bulk_create(mails.values(), ignore_conflicts=True)
        mine = set(await ids(MailOut.filter(id__in=[mail.id for mail in mails.values()])))
        for mail in mails.values():
            if mail.id in mine:
                change.record(MailQueued(mail.id))
    return [notice for notice in wanted.values() if mails[notice.id].id in mine]


def sealed_words(mail: MailOut) -> dict[str, str]:
    """The words a mail without a notice was queued with."""
    return {
        str(name): str(value)
        for name, value in json.loads(unseal(bytes(mail.sealed or b""))).items()
    }


async def send_now(event: MailQueued) -> None:
    """Try a mail as soon as its change is committed."""
    await deliver(event.mail_id)


async def send_due() -> None:
    """Try all that waited long enough: the end of quiet hours makes many due at once."""
    now = clock.now()
    while is_on() and (due := await _due(now)):
        for mail_id in due:
            await deliver(mail_id)


async def _due(now: datetime) -> list[int]:
    """The next mails; a try moves the due time past `now`, so none comes twice in one round."""
    waiting = MailOut.filter(state=QUEUED, due_at__lte=now).order_by("due_at")
    return await ids(waiting.limit(BATCH))


async def forget_settled() -> None:
    """Forget what became of mails that nobody can answer any more."""
    old = clock.now() - timedelta(days=settings().mail.reply_days)
    await MailOut.filter(settled_at__lt=old).delete()


async def deliver(mail_id: int) -> None:
    """Send one mail if it is due and nobody else is at it."""
    now = clock.now()
    if not is_on():
        return
    taken = await MailOut.filter(id=mail_id, state=QUEUED, due_at__lte=now).update(
        due_at=now + LEASE, attempts=F("attempts") + 1
    )
    if not taken:
        return
    mail = await MailOut.get(id=mail_id)
    try:
        letter = await _written(mail)
    except Later as wait:
        await MailOut.filter(id=mail.id).update(due_at=wait.until, attempts=F("attempts") - 1)
        return
    except Exception as error:  # boundary: a mail that cannot be written holds up no other
        log.exception("mail not written", extra={"mail": mail.id, "kind": mail.kind})
        await _postpone(mail, type(error).__name__)
        return
    if letter is None:
        await _settle(mail, DROPPED)
        return
    await _hand_over(mail, letter)


async def _written(mail: MailOut) -> Letter | None:
    desk = desks.get(mail.kind.partition(".")[0])
    letter = await desk.write(mail) if desk else None
    return None if letter and await is_suppressed(letter.recipient) else letter


async def _hand_over(mail: MailOut, letter: Letter) -> None:
    bounce = token_address(Kind.BOUNCE, mail.id, mail.person_id or 0)
    try:
        await relay.send(
            relay.Posting(bounce, letter.recipient, compose(letter)), settings().mail.relay
        )
    except relay.TemporaryFailure as error:
        await _postpone(mail, str(error))
    except relay.PermanentFailure as error:
        await _settle(mail, FAILED, error=str(error), message_id=letter.message_id)
    else:
        await _settle(mail, SENT, message_id=letter.message_id)


async def _postpone(mail: MailOut, error: str) -> None:
    chosen = settings().mail
    waits = chosen.retry_minutes
    wait = waits[min(mail.attempts, len(waits)) - 1]
    # Counted by the tries: hours in which nobody was to be disturbed use up no patience.
    waited = sum(waits[: mail.attempts]) + waits[-1] * max(0, mail.attempts - len(waits))
    if waited > chosen.give_up_hours * 60:
        await _settle(mail, FAILED, error=error)
        return
    await MailOut.filter(id=mail.id).update(
        due_at=clock.now() + timedelta(minutes=wait), last_error=error[:200]
    )


async def _settle(mail: MailOut, state: str, *, error: str = "", message_id: str = "") -> None:
    if state == FAILED:
        log.warning("mail not sent", extra={"mail": mail.id, "kind": mail.kind, "error": error})
    await MailOut.filter(id=mail.id).update(
        state=state,
        settled_at=clock.now(),
        last_error=error[:200],
        message_id=message_id,
        sealed=None,
    )
    desk = desks.get(mail.kind.partition(".")[0])
    if desk and desk.settled:
        await desk.settled(await MailOut.get(id=mail.id), state == SENT)
