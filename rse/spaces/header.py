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
from .surroundings import Family, family

ACCESS_WORDS = {
    OPEN: N_("Open space"),
    REQUEST: N_("Space on request"),
    "invitation": N_("Private space"),
    SECRET: N_("Secret space"),
}
ROLE_WORDS = {
    "owner": N_("Owner"),
    "moderator": N_("Moderator"),
    "member": N_("Member"),
    "reader": N_("Reads along"),
    "external": N_("Other company"),
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
    family: Family
    may_join: bool
    may_request: bool
    may_leave: bool
    may_invite: bool
    may_add_part: bool
    has_requested: bool
    is_invited: bool
    # How much the reader hears of the space; None where they hear nothing anyway.
    level: str | None

    @property
    def url(self) -> str:
        return f"/spaces/{to_public(self.space.id)}"

    @property
    def cover(self) -> str:
        """The address of the cover; it changes with the picture."""
        digest = self.space.cover_digest
        return f"{self.url}/cover/{digest[:16]}.webp" if digest else ""

    @property
    def others(self) -> list[str]:
        """The other companies that read what is written here."""
        if self.space.organisation.is_ours:
            return self.partners
        return list(dict.fromkeys([self.space.organisation.name, *self.partners]))


async def header(reader: Person, view: SpaceView, current: str) -> Header:
    """The header of a space the reader's door let through."""
    space, membership = view.space, view.membership
    readable = rules.may_read(reader, space, membership)
    faces = await queries.members(space.id, limit=4) if readable else None
    return Header(
        space=space,
        membership=membership,
        access=_(ACCESS_WORDS[space.access]),
        partners=[card.name for card in await federation.partners_of(space.id)],
        faces=[row.person for row in faces.items] if faces else [],
        tabs=_tabs(view, current, readable=readable),
        family=await family(reader, space),
        may_join=rules.may_join(reader, space, membership),
        may_request=rules.may_request(reader, space, membership),
        may_leave=view.is_member and await _may_leave(space, membership),
        may_invite=rules.may_invite(reader, space, membership),
        may_add_part=view.may_manage and rules.may_have_parts(space),
        has_requested=membership is not None and membership.status == REQUESTED,
        is_invited=membership is not None and membership.status == INVITED,
        level=await level_of(reader.id, space.id) if view.is_member else None,
    )


async def _may_leave(space: Space, membership: Membership | None) -> bool:
    """Only for owners it matters how many there are."""
    is_owner = membership is not None and membership.role == OWNER
    owners = await queries.owner_count(space.id) if is_owner else 0
    return rules.may_leave(space, membership, owners)


def _tabs(view: SpaceView, current: str, *, readable: bool) -> list[tuple[str, str, bool]]:
    home = f"/spaces/{to_public(view.space.id)}"
    tabs = [("feed", _("Feed"), home)]
    if readable:
        tabs.append(("members", _("Members"), f"{home}/members"))
    tabs.append(("about", _("About"), f"{home}/about"))
    if view.may_manage:
        tabs.append(("settings", _("Settings"), f"{home}/settings"))
    return [(label, url, key == current) for key, label, url in tabs]
