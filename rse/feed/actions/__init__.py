"""Changes to the feed. Each checks its rule, writes, and records its event, in one transaction."""

from .comments import comment, delete_comment, edit_comment, restore_comment
from .moves import move, set_locked
from .mutes import mute, unmute
from .posts import (
    delete,
    edit,
    mark_spaces_seen,
    move_seen_line,
    publish,
    purge_deleted,
    restore,
    welcome,
)
from .reactions import react, withdraw
from .reading import remember
from .review import RefusalDraft, accept, refuse

__all__ = [
    "RefusalDraft",
    "accept",
    "comment",
    "delete",
    "delete_comment",
    "edit",
    "edit_comment",
    "mark_spaces_seen",
    "move",
    "move_seen_line",
    "mute",
    "publish",
    "purge_deleted",
    "react",
    "refuse",
    "remember",
    "restore",
    "restore_comment",
    "set_locked",
    "unmute",
    "welcome",
    "withdraw",
]
