"""How notices about posts that wait for a moderator read."""

from collections.abc import Mapping, Sequence

from rse.identity.models import Person
from rse.kernel.i18n import N_
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import to_public
from rse.kernel.text import excerpt, to_plain
from rse.notifications.kinds import NoticeKind, NoticeRef, NoticeText

from . import waiting
from .models import WaitingPost

SENTENCES = {
    "feed.waiting": N_("%(person)s wrote a post in %(space)s that waits for a moderator"),
    "feed.refused": N_("%(person)s does not publish your post in %(space)s"),
}


async def describe(notices: Sequence[NoticeRef]) -> Mapping[int, NoticeText]:
    """Of the posts that still wait, for their authors and for who may decide."""
    found = await waiting.by_post([n.object_id for n in notices])
    actors = {
        person.id: person.display_name
        for person in await Person.filter(id__in=[n.actor_id for n in notices if n.actor_id])
    }
    return {
        n.id: _text(n, row, actors.get(n.actor_id or 0, "?"))
        for n in notices
        if (row := found.get(n.object_id)) and await waiting.may_be_told(n.person_id, row)
    }


def _text(notice: NoticeRef, row: WaitingPost, person: str) -> NoticeText:
    plain = row.refusal if notice.kind == "feed.refused" else to_plain(row.post.html)
    return NoticeText(
        sentence=_(SENTENCES[notice.kind], person=person, space=row.space.name),
        subject=_(SENTENCES[notice.kind], person=person, space=row.space.name),
        url=f"/spaces/{to_public(row.space_id)}/waiting#post-{to_public(row.post_id)}",
        excerpt=excerpt(plain),
        body_text=plain,
        actor_name=person,
        space_name=row.space.name,
    )


KINDS = (
    NoticeKind("feed.waiting", N_("A post waits for me to decide"), describe, weight=20),
    NoticeKind("feed.refused", N_("A moderator does not publish my post"), describe, weight=30),
)
