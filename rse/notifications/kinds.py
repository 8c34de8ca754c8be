"""The kinds of notice: declared by features, described in the reader's language when shown."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NoticeRef:
    """What is stored of a notice: ids only."""

    id: int
    kind: str
    person_id: int
    actor_id: int | None
    object_id: int
    space_id: int | None
    event_key: str = ""
    thread_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeText:
    """A notice in the language in force, for the list, the mail and the push alike."""

    sentence: str
    url: str
    subject: str = ""
    excerpt: str = ""
    body_html: str = ""
    body_text: str = ""
    actor_name: str = ""
    space_name: str = ""
    thread_id: int | None = None
    reply_kind: str = ""
    reply_object_id: int | None = None
    # What can be done straight from the mail, by the name of a `MailAction`.
    act_kind: str = ""
    act_object_id: int | None = None


Describe = Callable[[Sequence[NoticeRef]], Awaitable[Mapping[int, NoticeText]]]


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """One kind of notice. A greater weight wins when one event notifies a person twice.

    `title` is a gettext message id. `describe` leaves out what the person may not see any more.
    A direct kind is for this very person: it passes where they chose to hear of mentions alone.
    A required one is always in the list. `together` says it of several %(people)s at once.
    """

    name: str
    title: str
    describe: Describe
    weight: int = 0
    by_mail: bool = True
    by_digest: bool = False
    is_direct: bool = True
    is_required: bool = False
    together: str = ""


kinds: dict[str, NoticeKind] = {}
