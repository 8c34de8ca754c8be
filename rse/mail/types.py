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


@dataclass(frozen=True, slots=True, kw_only=True)
class MailAction:
    """One thing that can be done from a mail, without signing in: by a button or by answering.

    It is safe to do twice. `label` and `done` are gettext message ids. `show` gives title and text
    of the object, or raises what the person may not see.
    """

    kind: str
    label: str
    done: str
    show: Callable[[Person, int], Awaitable[tuple[str, str]]]
    run: Callable[[Person, int], Awaitable[None]]


handlers: dict[str, MailHandler] = {}
mail_actions: dict[str, MailAction] = {}
