"""Digests by mail: what happened since, by conversation, for whoever has not read it meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rse.branding.brand import brand
from rse.config import settings
from rse.identity.models import ACTIVE, Account, Person
from rse.kernel.db import transaction
from rse.kernel.i18n import gettext as _
from rse.kernel.i18n import ngettext, using
from rse.kernel.ids import to_public
from rse.mail.address import Kind
from rse.mail.mailboxes import on_the_wire
from rse.mail.models import FAILED, SENT, MailOut
from rse.mail.notice_letters import absolute
from rse.mail.ours import NOTIFICATIONS, domain, message_id, token_address
from rse.mail.out import queue
from rse.mail.out.compose import Letter, Thread
from rse.mail.out.render import logo, words
from rse.notifications import digests, queries, trace
from rse.notifications.kinds import NoticeText
from rse.notifications.models import NoticeDigest, Notification
from rse.notifications.preferences import DIGEST
from rse.notifications.times import silence_for

KIND = "digest"
AT_ONCE = 200
THREADS, LINES = 15, 3


@dataclass(frozen=True, slots=True)
class Part:
    """One conversation in a digest."""

    title: str
    space: str
    url: str
    lines: Sequence[NoticeText]
    more: int
    answer_to: str


async def queue_due() -> None:
    """Queue the digests whose hour has come: the mail and what is in it, in one commit."""
    while queue.is_on() and (due := await digests.due_digests(AT_ONCE)):
        for digest in due:
            await _queue(digest)


async def _queue(digest: NoticeDigest) -> None:
    async with transaction():
        key = f"digest:{digest.id}"
        await queue.add(KIND, key=key, person_id=digest.person_id)
        mail = await MailOut.get(key=key)
        if not await digests.bind(digest, mail.id):
            await MailOut.filter(id=mail.id).delete()  # nothing waits: no mail says nothing


async def write(mail: MailOut) -> Letter | None:
    """Write the letter from what is true and may be seen now; None when nothing is left."""
    person = await Person.get_or_none(id=mail.person_id or 0, status=ACTIVE)
    if person is None or not person.email:
        return None
    until = await silence_for(person, is_urgent=False)
    if until is not None:
        raise queue.Later(until)
    notices = await digests.contents(person.id, mail.id)
    with using(person.language, person.timezone):
        # Rights are asked here: what may not be seen any more is not described.
        texts = await queries.describe([queries.reference(notice) for notice in notices])
        parts = await _parts(person, [n for n in notices if n.id in texts], texts)
        return _letter(mail, person, parts) if parts else None


async def _parts(
    person: Person, notices: Sequence[Notification], texts: Mapping[int, NoticeText]
) -> list[Part]:
    threads: dict[int, list[Notification]] = {}
    for notice in notices:
        threads.setdefault(notice.thread_id, []).append(notice)
    account = await Account.get_or_none(person_id=person.id)
    return [
        _part([texts[notice.id] for notice in of_thread], person, account)
        for of_thread in threads.values()
    ]


def _part(lines: Sequence[NoticeText], person: Person, account: Account | None) -> Part:
    head, answer_to = lines[0], ""
    if head.reply_kind and head.reply_object_id is not None and account is not None:
        answer_to = token_address(
            Kind.REPLY, head.reply_object_id, person.id, head.reply_kind, account.epoch
        )
    return Part(
        title=head.subject or head.sentence, space=head.space_name, url=absolute(head.url),
        lines=lines[:LINES], more=max(0, len(lines) - LINES), answer_to=answer_to,
    )  # fmt: skip


def _letter(mail: MailOut, person: Person, parts: Sequence[Part]) -> Letter:
    unsubscribe = token_address(Kind.UNSUBSCRIBE, 0, person.id, KIND)
    unsubscribe_url = f"{settings().origin}/m/u/{unsubscribe.partition('@')[0]}"
    subject = ngettext(
        "%(n)s conversation in %(brand)s", "%(n)s conversations in %(brand)s", len(parts),
        brand=brand().name,
    )  # fmt: skip
    shown = words(
        "digest", subject=subject, parts=parts[:THREADS], more=max(0, len(parts) - THREADS),
        url=f"{settings().origin}/notifications", unsubscribe_url=unsubscribe_url,
        settings_url=f"{settings().origin}/settings/notifications",
    )  # fmt: skip
    return Letter(
        sender=f"{NOTIFICATIONS}@{domain()}",
        sender_name=brand().name,
        recipient=on_the_wire(str(person.email)),
        recipient_name=person.display_name,
        subject=subject,
        text=shown.text,
        html=shown.html,
        message_id=message_id("digest", mail.id),
        reason=KIND,
        is_automatic=True,
        thread=Thread(
            list_id=f"digest-{to_public(person.id)}.{domain()}",
            list_name=_("Summary"),
            unsubscribe_url=unsubscribe_url,
            unsubscribe_address=unsubscribe,
        ),
        logo=logo(),
    )


async def settled(mail: MailOut, _is_sent: bool) -> None:
    """Leave in the trace of each notice what became of the digest it was in."""
    notices = await digests.digested(mail.person_id or 0, mail.id)
    step = {SENT: trace.HANDED, FAILED: trace.REFUSED}.get(mail.state, trace.DROPPED)
    reason = mail.last_error or ("read" if step == trace.DROPPED else "")
    await trace.note_steps(notices, DIGEST, step, reason)
