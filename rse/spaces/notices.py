"""How notices about spaces read."""

from collections.abc import Mapping, Sequence

from rse.identity.models import Person
from rse.kernel.i18n import N_
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import to_public
from rse.notifications.kinds import NoticeKind, NoticeRef, NoticeText

from . import queries

SENTENCES = {
    "spaces.request": N_("%(person)s asks to join %(space)s"),
    "spaces.accepted": N_("%(person)s let you into %(space)s"),
    "spaces.invited": N_("%(person)s invites you to %(space)s"),
    "spaces.inherited": N_("%(person)s is no longer here: you now own %(space)s"),
    "spaces.orphaned": N_("%(person)s is no longer here, and nobody owns %(space)s"),
}


async def describe(notices: Sequence[NoticeRef]) -> Mapping[int, NoticeText]:
    names = await queries.names_of([n.object_id for n in notices])
    people = {
        person.id: person.display_name
        for person in await Person.filter(id__in=[n.actor_id for n in notices if n.actor_id])
    }
    return {
        n.id: _text(n, people.get(n.actor_id or 0, "?"), names[n.object_id])
        for n in notices
        if n.object_id in names
    }


def _text(notice: NoticeRef, person: str, space: str) -> NoticeText:
    sentence = _(SENTENCES[notice.kind], person=person, space=space)
    return NoticeText(
        sentence=sentence,
        subject=sentence,
        url=_url(notice),
        actor_name=person,
        space_name=space,
    )


def _url(notice: NoticeRef) -> str:
    if notice.kind == "spaces.orphaned":
        return "/spaces/ownerless"
    page = "/members" if notice.kind in {"spaces.request", "spaces.inherited"} else ""
    return f"/spaces/{to_public(notice.object_id)}{page}"


KINDS = (
    NoticeKind("spaces.request", N_("Somebody asks to join a space I moderate"), describe),
    NoticeKind("spaces.accepted", N_("My request to join is accepted"), describe),
    NoticeKind("spaces.inherited", N_("A space passes to me"), describe),
    NoticeKind("spaces.orphaned", N_("A space has lost its last owner"), describe),
    NoticeKind("spaces.invited", N_("Somebody invites me to a space"), describe),
)
