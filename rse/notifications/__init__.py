"""Tells people what concerns them: once, in the list and by mail, as they want it."""

from .actions import (
    mark_mailed,
    mark_read,
    move_thread,
    not_told,
    notify,
    withdraw,
    withdraw_event,
    withdraw_space,
)
from .events import NoticesCreated
from .queries import describe, due_by_mail, reference, text_of, told_of

__all__ = [
    "NoticesCreated",
    "describe",
    "due_by_mail",
    "mark_mailed",
    "mark_read",
    "move_thread",
    "not_told",
    "notify",
    "reference",
    "text_of",
    "told_of",
    "withdraw",
    "withdraw_event",
    "withdraw_space",
]
