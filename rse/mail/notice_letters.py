"""Notices by mail: queued when one is created, written from what is true when it is sent."""

from rse.branding.brand import brand
from rse.config import settings
from rse.identity.models import ACTIVE, Account
from rse.kernel.db import transaction
from rse.kernel.errors import NotFound
from rse.kernel.i18n import gettext as _
from rse.kernel.i18n import using
from rse.kernel.ids import to_public
from rse.mail import deeds
from rse.mail.address import Kind
from rse.mail.bounce import is_suppressed
from rse.mail.mailboxes import on_the_wire
from rse.mail.models import DROPPED, FAILED, SENT, MailOut
from rse.mail.ours import NOTIFICATIONS, domain, message_id, token_address
from rse.mail.out import queue
from rse.mail.out.compose import Letter, Thread
from rse.mail.out.render import logo, words
from rse.mail.types import mail_actions
from rse.notifications import actions, queries, trace
from rse.notifications.events import NoticesCreated
from rse.notifications.kinds import NoticeText, kinds
from rse.notifications.models import MAIL_DUE, Notification
from rse.notifications.preferences import MAIL
from rse.notifications.times import silence_for

KIND = "notice"


async def send_notice(event: NoticesCreated) -> None:
    """Queue the mails of the notices whose people want one."""
    if not queue.is_on():
        return
    due = await Notification.filter(
        id__in=list(event.notice_ids), mail_state=MAIL_DUE, person__status=ACTIVE
    ).exclude(person__email=None)
    async with transaction():
        queued = await queue.add_notices(KIND, {f"notice:{notice.id}": notice for notice in due})
        await trace.note_steps(queued, MAIL, trace.QUEUED)


async def write(mail: MailOut) -> Letter | None:
    """Write the letter; None when there is nothing to say any more, Later in quiet hours."""
    notice = await queries.due_by_mail(mail.notice_id or 0)
    if notice is None or not notice.person.email:
        return None
    until = await silence_for(notice.person, is_urgent=notice.is_urgent)
    if until is not None:
        await trace.note_steps([notice], MAIL, trace.HELD, f"{until:%Y-%m-%dT%H:%MZ}")
        raise queue.Later(until)
    with using(notice.person.language, notice.person.timezone):
        try:
            text = await queries.text_of(notice)
        except NotFound:
            return None
        return await _letter(mail, notice, text)


async def settled(mail: MailOut, is_sent: bool) -> None:
    """Mark the notice, and leave the relay's answer in its trace."""
    await actions.mark_mailed(mail.notice_id or 0, sent=is_sent)
    step = {SENT: trace.HANDED, FAILED: trace.REFUSED}.get(mail.state, trace.DROPPED)
    reason = mail.last_error if mail.state == FAILED else ""
    await trace.note_step(mail.notice_id or 0, MAIL, step, reason or await _why_dropped(mail))


async def _why_dropped(mail: MailOut) -> str:
    """Told from the present state: what kept the mail from being written."""
    if mail.state != DROPPED:
        return ""
    notice = await Notification.get_or_none(id=mail.notice_id or 0).select_related("person")
    if notice is None or notice.person.status != ACTIVE:
        return "person"
    if notice.in_app and notice.read_at:
        return "read"
    return "address" if await is_suppressed(str(notice.person.email or "")) else "no_access"


async def parent_text(answered: list[str], person_id: int) -> str:
    """Give the words of the mail that is being answered, so that the quote of them can be cut."""
    mail = (
        await MailOut.filter(message_id__in=answered, person_id=person_id)
        .exclude(notice_id=None)
        .first()
    )
    notice = (
        await Notification.get_or_none(id=mail.notice_id).select_related("person") if mail else None
    )
    if notice is None:
        return ""
    with using(notice.person.language, notice.person.timezone):
        try:
            text = await queries.text_of(notice)
        except NotFound:
            return ""
    return f"{text.sentence}\n\n{text.body_text or text.excerpt}"


async def _letter(mail: MailOut, notice: Notification, text: NoticeText) -> Letter:
    earlier = await _earlier(mail)
    subject = text.subject or text.sentence
    person = notice.person
    thread = await _thread(notice, text, earlier)
    shown = words(
        "notice",
        notice=text,
        url=absolute(text.url),
        why=_why(notice, text),
        unsubscribe_url=thread.unsubscribe_url,
        settings_url=f"{settings().origin}/settings",
        can_answer=bool(thread.reply_to),
        **await _deed(notice, text),
    )
    return Letter(
        sender=f"{NOTIFICATIONS}@{domain()}",
        sender_name=_("%(person)s via %(brand)s", person=text.actor_name, brand=brand().name)
        if text.actor_name
        else brand().name,
        recipient=on_the_wire(str(person.email)),
        recipient_name=person.display_name,
        subject=f"Re: {subject}" if earlier else subject,
        text=shown.text,
        html=shown.html,
        message_id=message_id("notice", notice.id, person.id),
        reason=notice.kind,
        is_automatic=False,
        thread=thread,
        logo=logo(),
    )


async def _thread(notice: Notification, text: NoticeText, earlier: str) -> Thread:
    thread_id = text.thread_id or notice.thread_id
    root = message_id("thread", thread_id, notice.person_id)
    unsubscribe = token_address(Kind.UNSUBSCRIBE, thread_id, notice.person_id, notice.kind)
    return Thread(
        reply_to=await reply_address(notice, text),
        references=[root, earlier] if earlier else [root],
        list_id=f"{to_public(notice.space_id or thread_id)}.{domain()}",
        list_name=text.space_name,
        unsubscribe_url=f"{settings().origin}/m/u/{unsubscribe.partition('@')[0]}",
        unsubscribe_address=unsubscribe,
    )


async def _deed(notice: Notification, text: NoticeText) -> dict[str, str]:
    """The button that does what the notice asks for, and the address that does the same."""
    account = await Account.get_or_none(person_id=notice.person_id)
    action = mail_actions.get(text.act_kind)
    if action is None or account is None or text.act_object_id is None:
        return {"act_label": "", "act_url": "", "act_address": ""}
    address = deeds.address_of(action.kind, text.act_object_id, account)
    return {
        "act_label": _(action.label),
        "act_url": deeds.link_of(address),
        "act_address": address,
    }


async def reply_address(notice: Notification, text: NoticeText) -> str:
    account = await Account.get_or_none(person_id=notice.person_id)
    if not text.reply_kind or text.reply_object_id is None or account is None:
        return ""
    return token_address(
        Kind.REPLY, text.reply_object_id, notice.person_id, text.reply_kind, account.epoch
    )


async def _earlier(mail: MailOut) -> str:
    """The last mail of this thread to the same person."""
    found = (
        await MailOut.filter(person_id=mail.person_id, thread_id=mail.thread_id, state=SENT)
        .exclude(id=mail.id)
        .order_by("-id")
        .first()
    )
    return found.message_id if found else ""


def _why(notice: Notification, text: NoticeText) -> str:
    kind = kinds.get(notice.kind)
    about = _(kind.title) if kind else text.sentence
    return _("You get this mail because you asked to hear of: %(about)s.", about=about)


def absolute(url: str) -> str:
    return url if url.startswith(("http://", "https://")) else f"{settings().origin}{url}"
