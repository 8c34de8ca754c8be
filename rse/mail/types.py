"""What mail and the features say to each other."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from rse.identity.models import Person


@dataclass(frozen=True, slots=True)
class MailFile:
    """A file that came with a mail."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class IncomingMail:
    """A mail whose sender was verified: the typed words, the part that was cut, the files."""

    message_id: str
    text: str
    elided: str = ""
    files: Sequence[MailFile] = ()


@dataclass(frozen=True, slots=True)
class MailHandler:
    """What to do with mail to one kind of address."""

    kind: str
    run: Callable[[Person, int, IncomingMail], Awaitable[None]]


handlers: dict[str, MailHandler] = {}
