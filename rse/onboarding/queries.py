"""Reads for the first steps: what was done, and which spaces one might like."""

from typing import NamedTuple

from rse.identity.models import Person
from rse.kernel.reads import row, rows

from . import rules
from .rules import State, Step

SUGGESTED = 6
# Hot: on home. Each part is one look into an index.
STATE = """
SELECT CASE WHEN p.avatar_digest IS NULL THEN 0 ELSE 1 END,
  CASE WHEN p.about = '' THEN 0 ELSE 1 END,
  CASE WHEN EXISTS (SELECT 1 FROM membership m JOIN space s ON s.id = m.space_id
    WHERE m.person_id = p.id AND m.status = 'joined' AND NOT s.is_company) THEN 1 ELSE 0 END,
  CASE WHEN EXISTS (SELECT 1 FROM post o WHERE o.author_id = p.id)
    OR EXISTS (SELECT 1 FROM comment c WHERE c.author_id = p.id) THEN 1 ELSE 0 END,
  CASE WHEN EXISTS (SELECT 1 FROM notice_choice n WHERE n.person_id = p.id)
    OR EXISTS (SELECT 1 FROM notice_times t WHERE t.person_id = p.id) THEN 1 ELSE 0 END,
  CASE WHEN EXISTS (SELECT 1 FROM steps_skipped k WHERE k.person_id = p.id) THEN 1 ELSE 0 END
FROM person p WHERE p.id = ?
"""
# Open spaces one is not in: those with people one shares a space with first, then the liveliest.
SPACES = """
SELECT s.id, s.name, s.description, s.member_count,
  (SELECT COUNT(*) FROM membership theirs WHERE theirs.space_id = s.id
     AND theirs.status = 'joined' AND theirs.person_id IN (
       SELECT shared.person_id FROM membership mine
       JOIN space o ON o.id = mine.space_id AND NOT o.is_company
       JOIN membership shared ON shared.space_id = mine.space_id AND shared.status = 'joined'
       WHERE mine.person_id = ? AND mine.status = 'joined' LIMIT 500)) AS colleagues
FROM (
  SELECT * FROM space s WHERE s.access = 'open' AND NOT s.is_closed AND NOT s.is_company
    AND s.archived_at IS NULL AND NOT EXISTS (
      SELECT 1 FROM membership m WHERE m.space_id = s.id AND m.person_id = ?)
  ORDER BY s.last_post_id DESC LIMIT 50) s
ORDER BY colleagues DESC, s.last_post_id DESC, s.id LIMIT ?
"""
# Those of whom nothing is left to show, met in this process: home asks nothing more about them.
_over: set[int] = set()
MOST_KEPT = 20_000


class Suggested(NamedTuple):
    """A space one might like, and how many in it one knows."""

    id: int
    name: str
    description: str
    member_count: int
    colleagues: int


async def state(person: Person) -> State:
    found = await row(State, STATE, person.id)
    return found or State(1, 1, 1, 1, 1, 1)


async def steps_for(person: Person) -> list[Step] | None:
    """The first steps of somebody new; None when there is nothing to show."""
    if person.id in _over or not person.is_local:
        return None
    found = await state(person)
    if rules.is_over(found):
        if len(_over) >= MOST_KEPT:
            _over.clear()
        _over.add(person.id)
        return None
    return rules.steps(found)


async def suggested(person: Person) -> list[Suggested]:
    """Open spaces of people one knows, and lively ones; never one that one may not read."""
    if not person.is_local:
        return []
    return await rows(Suggested, SPACES, person.id, person.id, SUGGESTED)
