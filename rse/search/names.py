"""Names for results: who wrote, and where."""

from collections.abc import Sequence
from typing import NamedTuple

from rse.kernel.reads import rows

from .rights import Named


async def names_of_people(ids: Sequence[int]) -> dict[int, str]:
    return await _names("SELECT id, display_name FROM person WHERE id IN ({marks})", ids)


async def names_of_spaces(ids: Sequence[int]) -> dict[int, str]:
    """Of spaces that the caller has checked."""
    return await _names("SELECT id, name FROM space WHERE id IN ({marks})", ids)


async def _names(sql: str, ids: Sequence[int]) -> dict[int, str]:
    wanted = sorted({number for number in ids if number})
    if not wanted:
        return {}
    found = await rows(Named, sql.format(marks=",".join("?" * len(wanted))), *wanted)
    return {one.id: one.name for one in found}


async def names_of_companies(ids: Sequence[int]) -> dict[int, str]:
    return await _names("SELECT id, name FROM organisation WHERE id IN ({marks})", ids)


async def companies_of(person_ids: Sequence[int]) -> dict[int, int]:
    """The company of each of these people."""
    wanted = sorted({number for number in person_ids if number})
    if not wanted:
        return {}
    marks = ",".join("?" * len(wanted))
    sql = f"SELECT id, organisation_id FROM person WHERE id IN ({marks})"  # noqa: S608
    return {one.id: one.company_id for one in await rows(_Employed, sql, *wanted)}


class _Employed(NamedTuple):
    id: int
    company_id: int
