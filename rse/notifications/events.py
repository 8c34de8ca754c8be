"""What can happen to notices."""

from dataclasses import dataclass

from rse.kernel.events import Event


@dataclass(frozen=True, slots=True)
class NoticeCreated(Event):
    """A person has something to hear: in the list, by mail, or both."""

    name = "notice.created"
    notice_id: int


@dataclass(frozen=True, slots=True)
class PushQueued(Event):
    """A device is to show a notice."""

    name = "notice.push_queued"
    notice_id: int
    subscription_id: int
