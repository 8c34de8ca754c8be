"""Who reports to whom: the way up, those beside, those below. Bounded, and safe from circles."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rse.identity.models import ACTIVE, Person
from rse.kernel.ids import to_public
from rse.kernel.reads import rows

HIGHEST = 12
DEEPEST = 6
MOST_BESIDE = 60
MOST_BELOW = 300


class Place(NamedTuple):
    """A person in the chart, with how many people report to them."""

    id: int
    display_name: str
    title: str
    avatar_digest: str | None
    status: str
    manager_id: int | None
    depth: int
    report_count: int

    @property
    def is_active(self) -> bool:
        return self.status == ACTIVE

    @property
    def url(self) -> str:
        return f"/people/{to_public(self.id)}/chart"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What stands around one person."""

    above: Sequence[Place]
    beside: Sequence[Place]
    below: Sequence[Place]
    has_more_beside: bool
    has_more_below: bool


_PLACE = """
SELECT p.id, p.display_name, p.title, p.avatar_digest, p.status, p.manager_id, {depth},
  (SELECT COUNT(*) FROM person r WHERE r.manager_id = p.id AND r.status = 'active')
FROM person p
"""
# A circle has no end of its own: the bound on the depth ends it.
_ABOVE = f"""
WITH RECURSIVE up(id, depth) AS (
  SELECT manager_id, 1 FROM person WHERE id = ? AND manager_id IS NOT NULL
  UNION ALL
  SELECT p.manager_id, up.depth + 1 FROM person p JOIN up ON p.id = up.id
  WHERE p.manager_id IS NOT NULL AND up.depth < {HIGHEST}
)
{_PLACE.format(depth="up.depth")} JOIN up ON up.id = p.id ORDER BY up.depth
"""  # noqa: S608 - all of it is ours
_BESIDE = f"""
{_PLACE.format(depth="0")} WHERE p.manager_id = ? AND p.id <> ? AND p.status = ?
ORDER BY p.search_name, p.id LIMIT ?
"""
_BELOW = f"""
{_PLACE.format(depth="1")} WHERE p.manager_id = ? AND p.status = ?
ORDER BY p.search_name, p.id LIMIT ?
"""
_TOPS = f"""
{_PLACE.format(depth="1")} WHERE p.manager_id IS NULL AND p.status = ?
  AND EXISTS (SELECT 1 FROM person r WHERE r.manager_id = p.id AND r.status = 'active')
ORDER BY p.search_name, p.id LIMIT ?
"""  # noqa: S608 - all of it is ours


async def chart_of(person: Person) -> Chart:
    """Everything around a person: three reads, however large the company."""
    beside: list[Place] = []
    if person.manager_id:
        beside = await rows(Place, _BESIDE, person.manager_id, person.id, ACTIVE, MOST_BESIDE + 1)
    below = await rows(Place, _BELOW, person.id, ACTIVE, MOST_BESIDE + 1)
    return Chart(
        above=list(reversed(await managers_of(person.id))),
        beside=beside[:MOST_BESIDE],
        below=below[:MOST_BESIDE],
        has_more_beside=len(beside) > MOST_BESIDE,
        has_more_below=len(below) > MOST_BESIDE,
    )


async def managers_of(person_id: int) -> list[Place]:
    """The way up, nearest first. A circle ends where it comes back."""
    seen = {person_id}
    found: list[Place] = []
    for place in await rows(Place, _ABOVE, person_id):
        if place.id in seen:
            break
        seen.add(place.id)
        found.append(place)
    return found


async def everybody_below(person_id: int) -> tuple[list[Place], bool]:
    """All who report to somebody, near or far, as a list to read; and whether it was cut."""
    seen = {person_id}
    found: list[Place] = []
    level, depth = [person_id], 1
    while level and depth <= DEEPEST and len(found) <= MOST_BELOW:
        under = [one for one in await _under(level, depth) if one.id not in seen]
        seen |= {one.id for one in under}
        found += under
        level, depth = [one.id for one in under], depth + 1
    cut = len(found) > MOST_BELOW or bool(level and depth > DEEPEST)
    return _in_order(found[:MOST_BELOW], person_id), cut


async def _under(managers: Sequence[int], depth: int) -> list[Place]:
    marks = ",".join("?" * len(managers))
    sql = (
        f"{_PLACE.format(depth=depth)} WHERE p.manager_id IN ({marks}) AND p.status = ?"
        f" ORDER BY p.search_name, p.id LIMIT {MOST_BELOW + 1}"
    )
    return await rows(Place, sql, *managers, ACTIVE)


def _in_order(found: Sequence[Place], top: int) -> list[Place]:
    """Each followed by their own people."""
    under: dict[int, list[Place]] = {}
    for place in found:
        under.setdefault(place.manager_id or 0, []).append(place)
    ordered: list[Place] = []
    waiting = list(reversed(under.get(top, [])))
    while waiting:
        place = waiting.pop()
        ordered.append(place)
        waiting += reversed(under.get(place.id, []))
    return ordered


async def tops() -> list[Place]:
    """Where the company begins: those who report to nobody and have people."""
    return await rows(Place, _TOPS, ACTIVE, MOST_BESIDE)
