"""What kind of mail this is, before its words: a person's, a machine's, a loop, a bounce."""

import re
from enum import StrEnum
from typing import Final

from rse.mail.mime import Mail

HOPS_HEADER: Final = "X-Hops"
MAX_HOPS: Final = 3


class Nature(StrEnum):
    """Why a mail is, or is not, somebody's answer."""

    PERSONAL = "personal"
    BOUNCE = "bounce"
    AUTOMATIC = "automatic"
    LOOP = "loop"
    OURS = "ours"


_BULK: Final = frozenset({"bulk", "junk", "list", "auto_reply"})
_AUTO_HEADERS: Final = (
    "x-autoreply",
    "x-autorespond",
    "x-auto-reply",
    "x-autoresponder",
    "x-vacation",
)
_MACHINES: Final = re.compile(
    r"(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)(?:[+.\-].*)?@", re.IGNORECASE
)
_AUTO_SUBJECT: Final = re.compile(
    r"(?:\[?auto(?:matic)?[- ]?(?:reply|response|matische antwort)\b|automatische? antwort"
    r"|out of (?:the )?office\b"
    r"|r[ée]ponse automatique|absence du bureau|absent du bureau|absence\s*:|message d'absence"
    r"|abwesenheitsnotiz|abwesend\s*:|abwesenheit(?:sassistent|smeldung)?\b"
    r"|autosvar|risposta automatica"
    r"|respuesta autom[áa]tica|automatisch antwoord|undeliver(?:able|ed)|unzustellbar|non remis)",
    re.IGNORECASE,
)


def nature_of(mail: Mail, envelope_sender: str, author: str, our_domains: frozenset[str]) -> Nature:
    """Decide once, the surest sign first."""
    if _is_report(mail) or not envelope_sender:
        return Nature.BOUNCE
    if _is_loop(mail, our_domains):
        return Nature.LOOP
    if author.rpartition("@")[2] in our_domains:
        return Nature.OURS
    return Nature.AUTOMATIC if _is_automatic(mail, author) else Nature.PERSONAL


def hops_of(mail: Mail) -> int:
    """How many systems like ours have passed this mail on."""
    value = mail.first(HOPS_HEADER).strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 4 else 0


def is_subject_automatic(subject: str) -> bool:
    return _AUTO_SUBJECT.match(subject.replace("\u2019", "'").strip()) is not None


def _is_report(mail: Mail) -> bool:
    return mail.content_type == "multipart/report"


def _is_loop(mail: Mail, our_domains: frozenset[str]) -> bool:
    if hops_of(mail) >= MAX_HOPS:
        return True
    # Only our own mail to a person carries our List-Id; it must not come back in.
    return any(
        f".{domain}>" in value.casefold() for value in mail.all("list-id") for domain in our_domains
    )


def _is_automatic(mail: Mail, author: str) -> bool:
    submitted = mail.first("auto-submitted").partition(";")[0].strip().casefold()
    if submitted not in {"", "no"}:
        return True
    if mail.first("precedence").strip().casefold() in _BULK or any(
        mail.all(name) for name in _AUTO_HEADERS
    ):
        return True
    return _MACHINES.match(author) is not None or is_subject_automatic(mail.subject)
