"""How notices about scheduled posts read."""

from collections.abc import Mapping, Sequence

from rse.kernel.i18n import N_
from rse.kernel.i18n import gettext as _
from rse.kernel.text import excerpt
from rse.notifications.kinds import NoticeKind, NoticeRef, NoticeText

from .models import ScheduledPost


async def describe(notices: Sequence[NoticeRef]) -> Mapping[int, NoticeText]:
    found = {
        post.id: post
        for post in await ScheduledPost.filter(id__in=[n.object_id for n in notices])
    }  # fmt: skip
    return {
        n.id: _text(found[n.object_id])
        for n in notices
        if n.object_id in found and found[n.object_id].author_id == n.person_id
    }


def _text(post: ScheduledPost) -> NoticeText:
    sentence = _("Your scheduled post could not be published. Your words are kept.")
    return NoticeText(
        sentence=sentence,
        subject=sentence,
        url="/scheduled",
        excerpt=post.refusal,
        body_text=f"{post.refusal}\n\n{post.title or excerpt(post.source)}",
    )


KINDS = (
    NoticeKind(
        "scheduled.refused", N_("A post I scheduled could not be published"), describe, weight=30
    ),
)
