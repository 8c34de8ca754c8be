"""Reads of skills: those of people, those to choose from, and who has one."""

from collections.abc import Sequence
from typing import NamedTuple

from rse.identity.models import ACTIVE, Person
from rse.identity.policy import profile_policy
from rse.kernel.errors import NotFound
from rse.kernel.i18n import gettext as _
from rse.kernel.reads import row, rows

from .models import PersonSkill, Skill

SUGGESTIONS = 200
SHORTEST_BEGINNING = 4


class Held(NamedTuple):
    """A skill of somebody as their page shows it."""

    id: int
    key: str
    name: str
    endorsements: int
    by_me: bool


class Counted(NamedTuple):
    """A skill and how many active people have it."""

    key: str
    name: str
    people: int


class Holder(NamedTuple):
    """Somebody who has a skill."""

    person_id: int
    name: str
    key: str
    endorsements: int


class _Word(NamedTuple):
    person_id: int
    name: str


_OF = """
SELECT ps.id, s.key, s.name,
  (SELECT COUNT(*) FROM skill_endorsement e JOIN person p ON p.id = e.endorser_id
    WHERE e.held_id = ps.id AND p.status = 'active'),
  EXISTS (SELECT 1 FROM skill_endorsement e WHERE e.held_id = ps.id AND e.endorser_id = ?)
FROM person_skill ps JOIN skill s ON s.id = ps.skill_id
WHERE ps.person_id = ? ORDER BY 4 DESC, s.key
"""
_COMMON = """
SELECT s.key, s.name, COUNT(*) FROM skill s JOIN person_skill ps ON ps.skill_id = s.id
JOIN person p ON p.id = ps.person_id WHERE p.status = ?
GROUP BY s.id, s.key, s.name ORDER BY 3 DESC, s.key LIMIT ?
"""
_HOLDERS = """
SELECT ps.person_id, s.name, s.key,
  (SELECT COUNT(*) FROM skill_endorsement e JOIN person q ON q.id = e.endorser_id
    WHERE e.held_id = ps.id AND q.status = 'active')
FROM skill s JOIN person_skill ps ON ps.skill_id = s.id JOIN person p ON p.id = ps.person_id
WHERE p.status = ? AND ({match}) ORDER BY ps.id LIMIT 500
"""


async def skills_of(reader: Person, person_id: int) -> list[Held]:
    """Somebody's skills, the most confirmed first; without numbers while these are off."""
    counts = (await profile_policy()).endorsements
    found = await rows(Held, _OF, reader.id, person_id)
    if counts:
        return found
    return sorted(
        (held._replace(endorsements=0, by_me=False) for held in found), key=lambda one: one.key
    )


async def common() -> list[Counted]:
    """What to choose from, the most common first."""
    return await rows(Counted, _COMMON, ACTIVE, SUGGESTIONS)


async def skill_called(name: str) -> Skill | None:
    return await Skill.get_or_none(key=name)


async def held_for(held_id: int) -> PersonSkill:
    """Somebody's skill; one answer when there is none."""
    found = await PersonSkill.get_or_none(id=held_id).select_related("person")
    if found is None:
        raise NotFound(_("This skill is not there any more."))
    return found


async def words_of(person_ids: Sequence[int]) -> dict[int, str]:
    """The names of people's skills, for search: one read."""
    if not person_ids:
        return {}
    marks = ",".join("?" * len(person_ids))
    sql = (
        "SELECT ps.person_id, s.name FROM person_skill ps JOIN skill s ON s.id = ps.skill_id"  # noqa: S608
        f" WHERE ps.person_id IN ({marks}) ORDER BY s.key"
    )
    found: dict[int, list[str]] = {}
    for word in await rows(_Word, sql, *person_ids):
        found.setdefault(word.person_id, []).append(word.name)
    return {person_id: ", ".join(names) for person_id, names in found.items()}


async def holders(words: Sequence[str]) -> list[Holder]:
    """Active people with a skill that has one of these beginnings of words."""
    if not words:
        return []
    match = " OR ".join(["(' ' || s.key || ' ') LIKE ? ESCAPE '!'"] * len(words))
    patterns = [_pattern(word) for word in words]
    found = await rows(Holder, _HOLDERS.format(match=match), ACTIVE, *patterns)
    if (await profile_policy()).endorsements:
        return found
    return [holder._replace(endorsements=0) for holder in found]


def _pattern(word: str) -> str:
    """A short word is looked for whole: "go" is no beginning of "governance"."""
    escaped = word.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return f"% {escaped} %" if len(word) < SHORTEST_BEGINNING else f"% {escaped}%"


async def name_of(key: str) -> str:
    """How a skill is written; what was asked for when nobody has it."""
    found = await row(_Name, "SELECT name FROM skill WHERE key = ?", key)
    return found.name if found else key


class _Name(NamedTuple):
    name: str
