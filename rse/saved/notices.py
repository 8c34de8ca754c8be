"""How a notice about a saved search reads: it names the search, never what was found."""

from collections.abc import Mapping, Sequence

from rse.kernel.i18n import N_
from rse.kernel.i18n import gettext as _
from rse.notifications.kinds import NoticeKind, NoticeRef, NoticeText

from . import queries
from .models import SavedSearch


async def describe(notices: Sequence[NoticeRef]) -> Mapping[int, NoticeText]:
    found = {one.id: one for one in await SavedSearch.filter(id__in=[n.object_id for n in notices])}
    return {
        n.id: _text(found[n.object_id])
        for n in notices
        if n.object_id in found and found[n.object_id].person_id == n.person_id
    }


def _text(saved: SavedSearch) -> NoticeText:
    sentence = _("Something new was found for your search “%(name)s”.", name=saved.name)
    return NoticeText(
        sentence=sentence, subject=sentence, url=queries.newest_url(saved), body_text=sentence
    )


KINDS = (
    NoticeKind("saved.found", N_("Something new answers a search I keep"), describe, weight=5),
)
