"""Mails of the house itself: invitation, password reset, sign-in link, words that come back."""

import json
from collections.abc import Mapping
from typing import Final

from rse.branding.brand import brand
from rse.kernel.i18n import N_, using
from rse.kernel.i18n import gettext as _
from rse.mail.mailboxes import on_the_wire
from rse.mail.models import MailOut
from rse.mail.ours import NOTIFICATIONS, domain, message_id
from rse.mail.out import queue
from rse.mail.out.compose import Letter, Thread
from rse.mail.out.render import logo, words

KIND: Final = "system"
SUBJECTS: Final = {
    "invitation": N_("%(inviter)s invites you to %(brand)s"),
    "approved": N_("Welcome to %(brand)s"),
    "declined": N_("Your request to join %(brand)s"),
    "reset": N_("Choose a new password for %(brand)s"),
    "sign-in": N_("Your sign-in link for %(brand)s"),
    "returned": N_("Your answer was not posted: %(subject)s"),
    "confirm": N_("Was this you? %(subject)s"),
    "empty": N_("Your answer was empty: %(subject)s"),
    "test": N_("A test mail from %(brand)s"),
    "postmaster": N_("Mail for the postmaster: %(subject)s"),
}


async def send(  # noqa: PLR0913 - one sentence: send this, to them, in their language, about that
    kind: str,
    to: str,
    language: str,
    context: Mapping[str, str],
    *,
    person_id: int | None = None,
    in_reply_to: str = "",
) -> None:
    """Queue a mail of the house; its words are sealed until they are sent."""
    if kind not in SUBJECTS:
        raise ValueError(kind)
    hidden = {
        "to": to,
        "language": language,
        "in_reply_to": in_reply_to,
        "context": json.dumps(dict(context)),
    }
    await queue.add(f"{KIND}.{kind}", person_id=person_id, words=hidden)


async def write(mail: MailOut) -> Letter | None:
    """Write the letter in its reader's language."""
    hidden = queue.sealed_words(mail)
    with using(hidden["language"]):
        return letter(
            mail.kind.partition(".")[2],
            hidden["to"],
            json.loads(hidden["context"]),
            mail.id,
            hidden["in_reply_to"],
        )


def letter(
    kind: str, to: str, context: Mapping[str, str], number: int, in_reply_to: str = ""
) -> Letter:
    """One letter in the language in force."""
    subject = _(SUBJECTS[kind], brand=brand().name, **{"inviter": "", "subject": "", **context})
    shown = words(kind, **{**context, "subject": subject})
    return Letter(
        sender=f"{NOTIFICATIONS}@{domain()}",
        sender_name=brand().name,
        recipient=on_the_wire(to),
        recipient_name=context.get("name", ""),
        subject=subject,
        text=shown.text,
        html=shown.html,
        message_id=message_id("system", number),
        reason=kind,
        is_automatic=True,
        thread=Thread(references=[in_reply_to] if in_reply_to else ()),
        logo=logo(),
    )
