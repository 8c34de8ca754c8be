"""What can happen to notices."""

from collections.abc import Sequence
from dataclasses import dataclass

from rse.kernel.events import Event


@dataclass(frozen=True, slots=True)
class NoticesCreated(Event):
    """People have something to hear: in the list, by mail, on devices. One batch of a fan-out."""

    name = "notice.created"
    notice_ids: Sequence[int]


@dataclass(frozen=True, slots=True)
class PushQueued(Event):
    """A device is to show a notice."""

    name = "notice.push_queued"
    notice_id: int
    subscription_id: int
