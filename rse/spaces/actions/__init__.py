"""Changes to spaces and to who is in them."""

from rse.spaces.drafts import SpaceDraft

from .barring import let_back
from .company import COMPANY_SPACE_ID, ensure_company_space
from .covers import remove_cover, set_cover
from .directory import keep, let_go, reconcile
from .door import accept_request, invite, join, refuse_request, request_access
from .making import archive, change_door, change_space, change_writing, create, managed
from .members import admit, dismiss, leave, mark_seen, remove, see_off, set_role
from .succession import adopt, hand_over, ownerless
from .templates import change_template, delete_template, make_template

__all__ = [
    "COMPANY_SPACE_ID",
    "SpaceDraft",
    "accept_request",
    "admit",
    "adopt",
    "archive",
    "change_door",
    "change_space",
    "change_template",
    "change_writing",
    "create",
    "delete_template",
    "dismiss",
    "ensure_company_space",
    "hand_over",
    "invite",
    "join",
    "keep",
    "leave",
    "let_back",
    "let_go",
    "make_template",
    "managed",
    "mark_seen",
    "ownerless",
    "reconcile",
    "refuse_request",
    "remove",
    "remove_cover",
    "request_access",
    "see_off",
    "set_cover",
    "set_role",
]
