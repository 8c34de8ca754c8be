"""The socket: everything the product learns from a feature is one `Feature(...)`."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from quart import Blueprint

from rse.federation.types import Incoming, Whereabouts
from rse.kernel.events import Event, Subscriber
from rse.kernel.schedule import Timed
from rse.mail.types import MailAction, MailHandler
from rse.notifications.kinds import NoticeKind
from rse.privacy.answers import Privacy
from rse.realtime.topics import Topic
from rse.search.documents import SearchDocument
from rse.web.shell import Counter, NavContributor

ActivityKey = tuple[str, str]
InboxHandler = Callable[[Incoming], Awaitable[None]]
Locator = Callable[[str], Awaitable[Whereabouts | None]]
ObjectLoader = Callable[[int, int], Awaitable[Mapping[str, Any] | None]]


@dataclass(frozen=True, kw_only=True)
class Feature:
    """Everything the product learns from a feature package. `privacy` has no default."""

    name: str
    title: str
    models: str | None
    privacy: Privacy
    web: Blueprint | None = None
    api: Blueprint | None = None
    reactions: Mapping[type[Event], Sequence[Subscriber]] = field(default_factory=dict)
    inbox: Mapping[ActivityKey, InboxHandler] = field(default_factory=dict)
    # Where an object of ours or a partner's lives, by its federation id: authorisation asks.
    locate: Locator | None = None
    objects: Mapping[str, ObjectLoader] = field(default_factory=dict)
    mail: Sequence[MailHandler] = ()
    # What can be done straight from a mail; a notice offers one by `NoticeText.act_kind`.
    mail_actions: Sequence[MailAction] = ()
    notices: Sequence[NoticeKind] = ()
    # What can be found; the feature's own reactions keep the index, by `rse.search.index.refresh`.
    search: Sequence[SearchDocument] = ()
    topics: Sequence[Topic] = ()
    schedule: Sequence[Timed] = ()
    navigation: Sequence[NavContributor] = ()
    template_globals: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    template_filters: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    # What the bell counts.
    counts: Sequence[Counter] = ()
    start: Callable[[], Awaitable[None]] | None = None
    stop: Callable[[], Awaitable[None]] | None = None
