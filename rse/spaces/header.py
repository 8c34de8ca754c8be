"""What stands above every page of a space."""

from dataclasses import dataclass

from rse.federation import queries as federation
from rse.identity.models import Person
from rse.kernel.i18n import N_
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import to_public
from rse.notifications.preferences import level_of

from . import queries, rules
from .models import INVITED, OPEN, OWNER, REQUEST, REQUESTED, SECRET, Membership, Space
from .queries import SpaceView

ACCESS_WORDS = {
    OPEN: N_("Open space"),
    REQUEST: N_("Space on request"),
    "invitation": N_("Private space"),
    SECRET: N_("Secret space"),
}


@dataclass(frozen=True, slots=True)
class Header:
    """A space for one reader: words, tabs and what they may do."""

    space: Space
    membership: Membership | None
    access: str
    partners: list[str]
    faces: list[Person]
    tabs: list[tuple[str, str, bool]]
    may_join: bool
    may_request: bool
    may_leave: bool
    may_invite: bool
    has_requested: bool
    is_invited: bool
    # How much the reader hears of the space; None where they hear nothing anyway.
    level: str | None

    @property
    def url(self) -> str:
        return f"/spaces/{to_public(self.space.id)}"


async def header(reader: Person, view: SpaceView, current: str) -> Header:
    """The header of a space the reader's door let through."""
    space, membership = view.space, view.membership
    readable = rules.may_read(reader, space, membership)
    faces = await queries.members(space.id, limit=4) if readable else None
    # Only an owner can be the last one.
    is_owner = membership is not None and membership.role == OWNER
    owners = await queries.owner_count(space.id) if is_owner else 0
    return Header(
        space=space,
        membership=membership,
        access=_(ACCESS_WORDS[space.access]),
        partners=[card.name for card in await federation.partners_of(space.id)],
        faces=[row.person for row in faces.items] if faces else [],
        tabs=_tabs(view, current, readable=readable),
        may_join=rules.may_join(reader, space, membership),
        may_request=rules.may_request(reader, space, membership),
        may_leave=view.is_member and rules.may_leave(space, membership, owners),
        may_invite=rules.may_invite(reader, space, membership),
        has_requested=membership is not None and membership.status == REQUESTED,
        is_invited=membership is not None and membership.status == INVITED,
        level=await level_of(reader.id, space.id) if view.is_member else None,
    )


def _tabs(view: SpaceView, current: str, *, readable: bool) -> list[tuple[str, str, bool]]:
    home = f"/spaces/{to_public(view.space.id)}"
    tabs = [("feed", _("Feed"), home)]
    if readable:
        tabs.append(("members", _("Members"), f"{home}/members"))
    tabs.append(("about", _("About"), f"{home}/about"))
    if view.may_manage:
        tabs.append(("settings", _("Settings"), f"{home}/settings"))
    return [(label, url, key == current) for key, label, url in tabs]
