"""How the notice about somebody at the door reads, for administrators alone."""

from collections.abc import Mapping, Sequence

from rse.kernel.i18n import N_
from rse.kernel.i18n import gettext as _
from rse.notifications.kinds import NoticeKind, NoticeRef, NoticeText

from . import queries
from .models import JoinRequest


async def describe(notices: Sequence[NoticeRef]) -> Mapping[int, NoticeText]:
    waiting = {
        one.id: one for one in await JoinRequest.filter(id__in=[n.object_id for n in notices])
    }
    admins = set(await queries.admin_ids()) if waiting else set()
    return {
        n.id: _text(waiting[n.object_id])
        for n in notices
        if n.object_id in waiting and n.person_id in admins
    }


def _text(waiting: JoinRequest) -> NoticeText:
    sentence = _("%(name)s asks to join.", name=waiting.name)
    return NoticeText(
        sentence=sentence, subject=sentence, url="/admin/requests", excerpt=waiting.message,
        body_text=waiting.message,
    )  # fmt: skip


KINDS = (NoticeKind("account.join_requested", N_("Somebody asks to join"), describe, weight=40),)
