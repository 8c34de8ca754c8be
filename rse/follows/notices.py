"""How a notice about a new follower reads."""

from collections.abc import Mapping, Sequence

from rse.identity.models import ACTIVE, Person
from rse.kernel.i18n import N_
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import to_public
from rse.notifications.kinds import NoticeKind, NoticeRef, NoticeText


async def describe(notices: Sequence[NoticeRef]) -> Mapping[int, NoticeText]:
    """Those whose follower is still with us, in words."""
    people = {
        person.id: person
        for person in await Person.filter(id__in=[n.object_id for n in notices], status=ACTIVE)
    }
    return {n.id: _text(people[n.object_id]) for n in notices if n.object_id in people}


def _text(follower: Person) -> NoticeText:
    sentence = _("%(person)s follows you", person=follower.display_name)
    return NoticeText(
        sentence=sentence,
        subject=sentence,
        url=f"/people/{to_public(follower.id)}",
        actor_name=follower.display_name,
    )


KINDS = (NoticeKind("follows.new", N_("Somebody begins to follow me"), describe, by_mail=False),)
