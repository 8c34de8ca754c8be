"""Reads of spaces. `space_for` is the only door to one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tortoise.expressions import Q

from rse.identity.models import ACTIVE, Person
from rse.kernel.errors import NotAllowed, NotFound
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import parse_public
from rse.kernel.pages import LIMIT, NEWEST, Page, page_of
from rse.kernel.reads import asked_before, ids, rows_once
from rse.kernel.text import fold
from rse.people.audiences import Where
from rse.profile_fields.circles import Circle

from . import refusals, rules
from .models import (
    BARRED,
    INVITED,
    JOINED,
    MODERATOR,
    MODERATORS_POST,
    OPEN,
    OWNER,
    READER,
    REQUESTED,
    SECRET,
    Membership,
    Space,
)

MOST_CIRCLES = 200


@dataclass(frozen=True, slots=True)
class SpaceView:
    """A space as one person stands to it."""

    space: Space
    membership: Membership | None

    @property
    def is_member(self) -> bool:
        return rules.is_member(self.membership)

    @property
    def may_moderate(self) -> bool:
        return rules.may_moderate(self.membership)

    @property
    def may_manage(self) -> bool:
        return rules.may_manage(self.membership)


async def space_for(person: Person, space_id: int) -> SpaceView:
    """The space, if it exists for this person; one answer otherwise: no oracle."""
    space = await Space.get_or_none(id=space_id).select_related("organisation")
    membership = await Membership.get_or_none(space_id=space_id, person_id=person.id)
    if space is None or not rules.may_see(person, space, membership):
        raise NotFound(_("This space does not exist, or is not open to you."))
    return SpaceView(space, membership)


async def readable_space(person: Person, space_id: int) -> SpaceView:
    """The space, if the person may read what is inside."""
    view = await space_for(person, space_id)
    if not rules.may_read(person, view.space, view.membership):
        raise NotAllowed(_("Only members can read this space. Ask to join it."))
    return view


async def writable_space(person: Person, space_id: int) -> SpaceView:
    """The space, if the person may write in it."""
    view = await space_for(person, space_id)
    if not rules.may_post(person, view.space, view.membership):
        raise NotAllowed(refusals.why_not_post(view.space, view.membership))
    return view


async def may_listen(person: Person, space_id: int) -> bool:
    """Whether live signals of the space may reach this person now."""
    space = await Space.get_or_none(id=space_id)
    membership = await Membership.get_or_none(space_id=space_id, person_id=person.id)
    return space is not None and rules.may_read(person, space, membership)


class MySpace(NamedTuple):
    """A line of the navigation."""

    id: int
    name: str
    category: int
    access: str
    is_company: int
    seen_id: int
    last_post_id: int
    is_ours: int
    organisation: str
    organisation_id: int
    member_count: int
    role: str
    posting: str

    @property
    def may_post(self) -> bool:
        """The rule of `rules.may_post`, for a membership that is known to be open and living."""
        if self.role == READER:
            return False
        return self.posting != MODERATORS_POST or self.role in (OWNER, MODERATOR)

    @property
    def has_news(self) -> bool:
        return self.last_post_id > self.seen_id


MOST_SPACES = 200
MY_SPACES = """
SELECT s.id, s.name, s.category, s.access, s.is_company, m.seen_id, s.last_post_id,
       o.is_ours, o.name, o.id, s.member_count, m.role, s.posting
FROM membership m JOIN space s ON s.id = m.space_id JOIN organisation o ON o.id = s.organisation_id
WHERE m.person_id = ? AND m.status = 'joined' AND s.archived_at IS NULL
ORDER BY s.last_post_id DESC LIMIT ?
"""


async def my_spaces(person_id: int, limit: int = 60) -> list[MySpace]:
    """The spaces a person is in, the liveliest first. Hot: on every page.

    The composer of a page asks for all, its navigation after it for the first of them.
    """
    whole = asked_before(MY_SPACES, person_id, MOST_SPACES)
    if whole is not None:
        return whole[:limit]
    return await rows_once(MySpace, MY_SPACES, person_id, limit)


async def owner_count(space_id: int, besides: int = 0) -> int:
    return (
        await Membership.filter(space_id=space_id, role=OWNER, status=JOINED, person__status=ACTIVE)
        .exclude(person_id=besides)
        .count()
    )


async def named(text: str) -> Space | None:
    """The living space of ours that a rule means: by the id of its address, or its name."""
    ours = Space.filter(uri=None, is_company=False)
    try:
        by_id = await ours.get_or_none(id=parse_public(text))
    except NotFound:
        by_id = None
    if by_id is not None:
        return by_id
    found = await ours.filter(name=text).limit(2)
    # Two of one name are none: guessing gives rights away.
    return found[0] if len(found) == 1 else None


async def offering(name: str, space_ids: Sequence[int]) -> set[int]:
    """Those of the spaces whose owners did not switch a feature off."""
    if not space_ids:
        return set()
    found = await Space.filter(id__in=list(space_ids)).only("id", "switched_off")
    return {space.id for space in found if name not in space.switched_off}


async def owns_some(person: Person) -> bool:
    return await Membership.exists(person_id=person.id, role=OWNER, status=JOINED)


async def without_owner(limit: int = 200) -> list[Space]:
    """Living spaces of ours that nobody active owns."""
    owned = ids(Membership.filter(role=OWNER, status=JOINED, person__status=ACTIVE), "space_id")
    return (
        await Space.filter(uri=None, is_company=False, archived_at=None)
        .exclude(id__in=await owned)
        .order_by("search_name")
        .limit(limit)
    )


async def members(space_id: int, cursor: int = 0, limit: int = 50) -> Page[Membership]:
    """The members, in the order they came."""
    found = (
        await Membership.filter(space_id=space_id, status=JOINED, id__gt=cursor)
        .select_related("person__organisation")
        .order_by("id")
        .limit(limit + 1)
    )
    return page_of(found, lambda row: row.id, limit)


async def waiting(space_id: int) -> list[Membership]:
    """Requests that nobody has answered."""
    return (
        await Membership.filter(space_id=space_id, status=REQUESTED)
        .select_related("person__organisation")
        .order_by("id")
        .limit(100)
    )


async def barred(space_id: int) -> list[Membership]:
    """People of partners who were taken out and are kept out."""
    return (
        await Membership.filter(space_id=space_id, status=BARRED)
        .select_related("person__organisation")
        .order_by("id")
        .limit(100)
    )


async def is_barred(space_id: int, person_id: int) -> bool:
    return await Membership.exists(space_id=space_id, person_id=person_id, status=BARRED)


async def member_ids(space_id: int, *, local_only: bool = True) -> list[int]:
    """Everybody who is in a space, for telling them something."""
    found = Membership.filter(space_id=space_id, status=JOINED, person__status="active")
    if local_only:
        found = found.filter(person__uri=None)
    return await ids(found, "person_id")


async def moderator_ids(space_id: int) -> list[int]:
    found = Membership.filter(space_id=space_id, status=JOINED, role__in=["owner", "moderator"])
    return await ids(found, "person_id")


async def directory(
    person: Person, *, search: str = "", cursor: int = NEWEST, limit: int = LIMIT
) -> Page[SpaceView]:
    """The spaces a person may see, newest first, with how they stand to each."""
    mine = {row.space_id: row for row in await Membership.filter(person_id=person.id)}
    seen = [id_ for id_, row in mine.items() if row.status in {JOINED, INVITED}]
    visible = Q(id__in=seen) if seen else Q(id=0)
    if person.is_local:
        visible |= ~Q(access=SECRET)
    found = Space.filter(visible, id__lt=cursor, archived_at=None, is_closed=False)
    if search:
        found = found.filter(search_name__contains=fold(search)[:80])
    spaces = await found.select_related("organisation").order_by("-id").limit(limit + 1)
    page = page_of(spaces, lambda space: space.id, limit)
    return Page([SpaceView(s, mine.get(s.id)) for s in page.items], page.next_cursor)


async def names_of(space_ids: Sequence[int]) -> dict[int, str]:
    """The names of spaces, for sentences."""
    return {space.id: space.name for space in await Space.filter(id__in=list(space_ids))}


async def invitable(space_id: int, search: str) -> list[Person]:
    """Our active people who are not in a space yet, found by name."""
    inside = await ids(Membership.filter(space_id=space_id), "person_id")
    return (
        await Person.filter(uri=None, status="active", search_name__contains=fold(search)[:80])
        .exclude(id__in=inside)
        .order_by("search_name")
        .limit(8)
    )


async def spaces_in_common(one_id: int, other_id: int) -> list[Space]:
    """Spaces two people share."""
    theirs = await ids(Membership.filter(person_id=other_id, status=JOINED), "space_id")
    return (
        await Space.filter(
            id__in=theirs,
            memberships__person_id=one_id,
            memberships__status=JOINED,
        )
        .order_by("name")
        .limit(30)
    )


async def readers(person: Person, space_id: int) -> Where:
    """Who can read a space: whom one may mention there."""
    view = await readable_space(person, space_id)
    inside = "p.id IN (SELECT person_id FROM membership WHERE space_id = ? AND status = ?)"
    if view.space.access == OPEN:
        return Where(f"p.uri IS NULL OR {inside}", (space_id, JOINED))
    return Where(inside, (space_id, JOINED))


async def is_open(space_id: int) -> bool:
    """Whether all of ours may read the space."""
    return await Space.exists(id=space_id, access="open")


async def findable(space_ids: Sequence[int]) -> list[Space]:
    """Those of the ids that search knows; who may see each is asked there."""
    return await Space.filter(id__in=list(space_ids)).select_related("organisation")


async def ids_after(last: int, limit: int) -> list[int]:
    """Every space, in the order of ids."""
    return await ids(Space.filter(id__gt=last).order_by("id").limit(limit))


async def joined_among(person_id: int, space_ids: Collection[int]) -> set[int]:
    """In which of these spaces a person is now: what a profile field's audience asks."""
    found = Membership.filter(person_id=person_id, space_id__in=list(space_ids), status=JOINED)
    return set(await ids(found, "space_id"))


async def circles_of(person_id: int) -> list[Circle]:
    """The spaces of a person, to choose from."""
    return [Circle(space.id, space.name) for space in await my_spaces(person_id, MOST_CIRCLES)]
