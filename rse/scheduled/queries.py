"""Reads of scheduled posts: only one's own."""

from collections.abc import Sequence
from datetime import datetime

from rse.identity.models import Person
from rse.kernel.errors import NotFound
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import parse_public

from .models import ScheduledPost

MOST = 100


async def own(person: Person) -> list[ScheduledPost]:
    """What one has scheduled, the next first."""
    return (
        await ScheduledPost.filter(author_id=person.id)
        .select_related("space")
        .order_by("send_at")
        .limit(MOST)
    )


async def scheduled_for(person: Person, scheduled_id: int) -> ScheduledPost:
    """One's own scheduled post; one answer otherwise."""
    found = await ScheduledPost.get_or_none(id=scheduled_id, author_id=person.id)
    if found is None:
        raise NotFound(_("This post is not scheduled any more."))
    return found


async def wanted_files(file_ids: Sequence[int]) -> set[int]:
    """Those of the unattached uploads that a scheduled post will bring along."""
    kept = await ScheduledPost.exclude(files=[]).values_list("files", flat=True)
    return {parse_public(text) for files in kept for text in files}.intersection(file_ids)


async def due(now: datetime, limit: int = 100) -> list[ScheduledPost]:
    """What is to be published by now, the longest due first."""
    return (
        await ScheduledPost.filter(send_at__lte=now, refusal="")
        .select_related("author__organisation")
        .order_by("send_at")
        .limit(limit)
    )
