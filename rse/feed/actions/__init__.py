"""Changes to the feed. Each checks its rule, writes, and records its event, in one transaction."""

from .comments import comment, delete_comment, edit_comment, restore_comment
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
    "move_seen_line",
    "publish",
    "purge_deleted",
    "react",
    "refuse",
    "restore",
    "restore_comment",
    "welcome",
    "withdraw",
]
