"""The permission filter: what a reader may see, asked at the moment of the query.

The index knows no rights. It knows spaces, and membership is joined in here: whoever leaves a space
finds nothing of it from that moment on.
"""

from collections.abc import Sequence
from typing import NamedTuple

from rse.identity.models import Person
from rse.kernel.pages import NEWEST
from rse.kernel.reads import is_postgres, rows
from rse.kernel.text import fold

# Up to so many spaces are named inside the match itself; beyond, the join alone decides.
MOST_NAMED = 120
CONTENT = """EXISTS (SELECT 1 FROM space s LEFT JOIN membership m
  ON m.space_id = s.id AND m.person_id = ?
  WHERE s.id = d.space_id AND NOT s.is_closed AND (m.status = 'joined' OR s.access = ?))"""
SPACES = """EXISTS (SELECT 1 FROM space s LEFT JOIN membership m
  ON m.space_id = s.id AND m.person_id = ?
  WHERE s.id = d.space_id AND NOT s.is_closed AND s.archived_at IS NULL
    AND (m.status IN ('joined', 'invited') OR s.access IN (?, ?, ?)))"""
READABLE = """
SELECT s.id, s.name FROM space s LEFT JOIN membership m ON m.space_id = s.id AND m.person_id = ?
WHERE NOT s.is_closed AND (m.status = 'joined' OR s.access = ?){more} ORDER BY s.id LIMIT ?
"""


# The newest thing of each of some spaces: one look into an index for each.
NEWEST_OF = """
SELECT COALESCE((SELECT MAX(d.id) FROM search_document d WHERE d.space_id = s.id), 0)
FROM space s WHERE s.id IN ({marks})
"""


class Scope(NamedTuple):
    """A reader, and the few spaces they can read; None when these are many.

    `newest_id`: nothing they can read in spaces is newer.
    """

    reader_id: int
    is_local: bool
    space_ids: tuple[int, ...] | None
    newest_id: int = NEWEST

    @property
    def open_access(self) -> str:
        """The access that needs no membership: nothing equals the empty word."""
        return "open" if self.is_local else ""


class Named(NamedTuple):
    """Something with a name."""

    id: int
    name: str


async def scope_of(reader: Person) -> Scope:
    """What the reader may read now."""
    scope = Scope(reader.id, reader.is_local, None)
    found = await _readable(scope, limit=MOST_NAMED + 1)
    if len(found) > MOST_NAMED:
        return scope
    few = tuple(space.id for space in found)
    return scope._replace(space_ids=few, newest_id=await _newest_in(few))


async def _newest_in(space_ids: Sequence[int]) -> int:
    """Where PostgreSQL begins its walk from the newest on: else it reads all that was written
    since somebody's spaces fell silent. SQLite finds that out in its index."""
    if not space_ids or not is_postgres():
        return NEWEST
    sql = NEWEST_OF.format(marks=",".join("?" * len(space_ids)))
    return max(newest for newest in await rows(int, sql, *space_ids))


async def spaces_called(scope: Scope, name: str) -> list[int]:
    """Readable spaces whose name has words that begin so."""
    return [space.id for space in await _readable(scope, name=name, limit=MOST_NAMED)]


async def _readable(scope: Scope, *, name: str = "", limit: int) -> list[Named]:
    tests, values = _name_tests("s.search_name", name)
    sql = READABLE.format(more="".join(f" AND {test}" for test in tests))
    return await rows(Named, sql, scope.reader_id, scope.open_access, *values, limit)


async def people_called(name: str) -> list[int]:
    """People whose name has words that begin so, whether they are still here or not."""
    tests, values = _name_tests("p.search_name", name)
    where = " AND ".join(tests) or "1 = 0"
    sql = f"SELECT p.id, p.display_name FROM person p WHERE {where} ORDER BY p.id LIMIT 50"  # noqa: S608 - tests are ours
    return [person.id for person in await rows(Named, sql, *values)]


def _name_tests(column: str, name: str) -> tuple[list[str], list[str]]:
    words = [
        word.replace("!", "!!").replace("%", "!%").replace("_", "!_") for word in fold(name).split()
    ]
    return [f"(' ' || {column}) LIKE ? ESCAPE '!'"] * len(words), [f"% {word}%" for word in words]


def filter_for(kind: str, scope: Scope) -> tuple[str, list[object]]:
    """The condition on documents `d` of a kind, and its values."""
    if kind == "person":
        return "d.kind = 'person'", []
    if kind == "space":
        seen = ("open", "request", "invitation") if scope.is_local else ("", "", "")
        return SPACES, [scope.reader_id, *seen]
    return CONTENT, [scope.reader_id, scope.open_access]
