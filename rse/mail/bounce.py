"""What comes back undelivered: the address says whose it is, the status how much it counts."""

import logging
import re
from datetime import timedelta
from typing import Final

from rse.identity.models import Person
from rse.kernel import clock
from rse.mail.address import Token
from rse.mail.mailboxes import canonical
from rse.mail.mime import Mail
from rse.mail.models import FAILED, MailOut, Suppression
from rse.notifications import trace
from rse.notifications.models import Notification
from rse.notifications.preferences import MAIL, mute_mail
from rse.notifications.times import change_times

log = logging.getLogger(__name__)

STOP_AT: Final = 4
FORGOTTEN_AFTER: Final = timedelta(days=30)
_STATUS: Final = re.compile(
    rb"^Status:\s{0,8}([245])\.(\d{1,3})\.(\d{1,3})", re.IGNORECASE | re.MULTILINE
)
_ACTION: Final = re.compile(rb"^Action:\s{0,8}(failed|delayed)", re.IGNORECASE | re.MULTILINE)


def weight(mail: Mail) -> int:
    """How much a delivery report counts: 2 for good, 1 for now, 0 for delays and policy."""
    report = next(
        (
            part.content[:50_000]
            for part in mail.parts
            if part.content_type == "message/delivery-status"
        ),
        b"",
    )
    status, action = _STATUS.search(report), _ACTION.search(report)
    if status is None or action is None or action[1].lower() == b"delayed":
        return 0
    if status[1] == b"5" and status[2] == b"7":
        # The relay or our records were refused, not the person.
        log.error(
            "mail refused by policy of the receiving side", extra={"status": status[0].decode()}
        )
        return 0
    return 2 if status[1] == b"5" else 1


async def note(token: Token, mail: Mail) -> None:
    """Count a bounce against the address we wrote to, whoever the report names."""
    if any(part.content_type == "message/feedback-report" for part in mail.parts):
        await _heed_complaint(token)
        return
    points = weight(mail)
    person = await Person.get_or_none(id=token.person_id)
    if not points or person is None or not person.email:
        return
    if points == 2:
        await MailOut.filter(id=token.object_id).update(state=FAILED, last_error="bounced")
    await _trace(token)
    found, _ = await Suppression.get_or_create(address=canonical(person.email))
    stale = found.last_bounce_at < clock.now() - FORGOTTEN_AFTER
    await Suppression.filter(id=found.id).update(
        score=points if stale else min(found.score + points, STOP_AT), last_bounce_at=clock.now()
    )
    if await is_suppressed(person.email):
        # The person reads it on every page, until they have mended their address.
        await change_times(person, mail_off_at=clock.now())


async def _trace(token: Token) -> None:
    mail = await MailOut.get_or_none(id=token.object_id, person_id=token.person_id)
    if mail is not None and mail.notice_id:
        await trace.note_step(mail.notice_id, MAIL, trace.BOUNCED)


async def write_again(person: Person) -> None:
    """The person says that their address takes mail again."""
    await Suppression.filter(address=canonical(str(person.email or ""))).delete()
    await change_times(person, mail_off_at=None)


async def _heed_complaint(token: Token) -> None:
    """Somebody pressed "this is spam": no more mail of that kind, and the administrator sees it."""
    mail = await MailOut.get_or_none(id=token.object_id, person_id=token.person_id)
    notice = await Notification.get_or_none(id=mail.notice_id) if mail else None
    log.warning("mail reported as spam", extra={"mail": token.object_id})
    if notice is not None:
        await mute_mail(notice.person_id, notice.kind)


async def is_suppressed(address: str) -> bool:
    """Whether an address bounced so often, and lately, that writing to it does harm."""
    return await Suppression.filter(
        address=canonical(address),
        score__gte=STOP_AT,
        last_bounce_at__gte=clock.now() - FORGOTTEN_AFTER,
    ).exists()
