"""Tells people what concerns them: once, in the list and by mail, as they want it."""

from .actions import (
    mark_mailed,
    mark_read,
    move_thread,
    notify,
    withdraw,
    withdraw_event,
    withdraw_space,
)
from .events import NoticeCreated
from .queries import describe, due_by_mail, reference, text_of, told_of

__all__ = [
    "NoticeCreated",
    "describe",
    "due_by_mail",
    "mark_mailed",
    "mark_read",
    "move_thread",
    "notify",
    "reference",
    "text_of",
    "told_of",
    "withdraw",
    "withdraw_event",
    "withdraw_space",
]
