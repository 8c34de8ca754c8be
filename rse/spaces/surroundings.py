"""Reads around a space: the one above it, its parts, and the companies inside."""

from collections.abc import Sequence
from typing import NamedTuple

from rse.identity.models import Person
from rse.kernel.reads import rows

from .models import Membership, Space


class Place(NamedTuple):
    """A space in a line, as far as its reader may know of it."""

    id: int
    name: str
    category: int
    access: str
    parent_id: int | None
    member_count: int
    is_archived: int
    is_member: int


FAMILY = """
SELECT s.id, s.name, s.category, s.access, s.parent_id, s.member_count,
       CASE WHEN s.archived_at IS NULL THEN 0 ELSE 1 END,
       CASE WHEN m.status = 'joined' THEN 1 ELSE 0 END
FROM space s LEFT JOIN membership m ON m.space_id = s.id AND m.person_id = ?
WHERE (s.parent_id = ? OR s.id = ?) AND s.is_closed = FALSE
  AND (m.status IN ('joined', 'invited') OR (s.access <> 'secret' AND ? = 1))
ORDER BY s.search_name LIMIT 100
"""


class Family(NamedTuple):
    """The space above, when the reader may see it, and the parts they may see."""

    parent: Place | None
    parts: Sequence[Place]


async def family(reader: Person, space: Space) -> Family:
    """One read for both directions. Being in the one gives no right in the other."""
    is_ours = 1 if reader.is_local else 0
    found = await rows(Place, FAMILY, reader.id, space.id, space.parent_id or 0, is_ours)
    above = [place for place in found if place.id == space.parent_id]
    return Family(above[0] if above else None, [p for p in found if p.parent_id == space.id])


class Company(NamedTuple):
    """How many people of one company are inside."""

    name: str
    is_ours: int
    people: int


INSIDE = """
SELECT o.name, o.is_ours, count(*) FROM membership m
JOIN person p ON p.id = m.person_id JOIN organisation o ON o.id = p.organisation_id
WHERE m.space_id = ? AND m.status = 'joined' AND p.status = 'active'
GROUP BY o.id, o.name, o.is_ours ORDER BY o.is_ours DESC, count(*) DESC, o.name LIMIT 50
"""


async def companies_inside(space_id: int) -> list[Company]:
    return await rows(Company, INSIDE, space_id)


async def everybody(space_id: int) -> list[Membership]:
    """All members in the order they came: for a file, never for a page."""
    return (
        await Membership.filter(space_id=space_id, status="joined")
        .select_related("person__organisation")
        .order_by("id")
        .limit(50_000)
    )


async def places_for_parts(owner: Person) -> list[Space]:
    """Where the person may put a space under another."""
    return (
        await Space.filter(
            memberships__person_id=owner.id,
            memberships__status="joined",
            memberships__role="owner",
            parent_id=None,
            uri=None,
            is_company=False,
            is_closed=False,
            archived_at=None,
        )
        .order_by("search_name")
        .limit(200)
    )
