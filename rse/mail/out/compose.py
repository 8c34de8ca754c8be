"""A finished letter as bytes: headers in order, a real text part, HTML, the logo."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from typing import cast

from rse.kernel import clock
from rse.kernel.text import clean_line
from rse.mail.classify import HOPS_HEADER

LOGO_ID = "logo"
_FOR_PROGRAMS = frozenset(
    {"list-unsubscribe", "references", "in-reply-to", "message-id", "list-id"}
)


class _OnTheWire(EmailPolicy):
    """The usual folding, save for what programs read: there it would encode a long link away."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.casefold() in _FOR_PROGRAMS:
            return f"{name}: {value}{self.linesep}".encode()
        return super().fold_binary(name, value)


_ON_THE_WIRE = _OnTheWire(linesep="\r\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """Where a letter stands in a conversation, and how to answer or leave it."""

    reply_to: str = ""
    references: Sequence[str] = ()
    list_id: str = ""
    list_name: str = ""
    unsubscribe_url: str = ""
    unsubscribe_address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail to one person, before it becomes bytes."""

    sender: str
    sender_name: str
    recipient: str
    recipient_name: str
    subject: str
    text: str
    html: str
    message_id: str
    reason: str
    is_automatic: bool
    thread: Thread = Thread()
    logo: bytes | None = None


def compose(letter: Letter) -> bytes:
    """Write the letter; no value of ours or of a person can add a header."""
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(letter.sender_name, letter.sender)
    message["To"] = _address(letter.recipient_name, letter.recipient)
    if letter.thread.reply_to:
        message["Reply-To"] = letter.thread.reply_to
    message["Subject"] = clean_line(letter.subject, 200)
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = letter.message_id
    _thread_headers(message, letter.thread)
    _machine_headers(message, letter)
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    if letter.logo:
        _add_logo(message, letter.logo)
    return message.as_bytes(policy=_ON_THE_WIRE.clone(utf8=not letter.recipient.isascii()))


def _thread_headers(message: EmailMessage, thread: Thread) -> None:
    if thread.references:
        message["In-Reply-To"] = thread.references[-1]
        message["References"] = " ".join(thread.references)
    if thread.list_id:
        name = clean_line(thread.list_name, 80).replace('"', "").replace("\\", "")
        message["List-Id"] = (
            f'"{name}" <{thread.list_id}>' if name.isascii() and name else f"<{thread.list_id}>"
        )
    if thread.unsubscribe_url:
        message["List-Unsubscribe"] = (
            f"<{thread.unsubscribe_url}>, <mailto:{thread.unsubscribe_address}>"
        )
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _machine_headers(message: EmailMessage, letter: Letter) -> None:
    if letter.is_automatic:
        message["Auto-Submitted"] = "auto-generated"
    else:
        message["Precedence"] = "list"
    message["X-Auto-Response-Suppress"] = "All"
    message["X-Reason"] = clean_line(letter.reason, 60)
    message[HOPS_HEADER] = "1"


def _add_logo(message: EmailMessage, logo: bytes) -> None:
    html = cast("list[EmailMessage]", message.get_payload())[1]
    html.add_related(
        logo, "image", "png", cid=f"<{LOGO_ID}>", disposition="inline", filename="logo.png"
    )


def _address(name: str, address: str) -> Address:
    local_part, _, domain = address.rpartition("@")
    # A display name with an @ would look like another address.
    return Address(clean_line(name, 120).replace("@", " "), local_part, domain)
