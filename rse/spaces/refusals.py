"""Why somebody may not write in a space, in a sentence that says what to do."""

from rse.kernel.i18n import gettext as _

from . import rules
from .models import READER, Membership, Space


def why_not_post(space: Space, membership: Membership | None) -> str:
    return _why_no_part(space, membership) or _("Only owners and moderators post in this space.")


def why_not_comment(space: Space, membership: Membership | None) -> str:
    return _why_no_part(space, membership) or _("Comments are closed in this space.")


def why_not_react(space: Space, membership: Membership | None) -> str:
    return _why_no_part(space, membership) or _("Join this space to react in it.")


def _why_no_part(space: Space, membership: Membership | None) -> str:
    """Why the person may leave no mark at all; empty when that is not the reason."""
    if space.archived_at is not None:
        return _("This space is archived: it can be read, not written in.")
    if membership is None or not rules.is_member(membership):
        return _("Join this space to write in it.")
    if membership.role == READER:
        return _("You read along in this space. Ask one of its owners if you want to write.")
    return ""
