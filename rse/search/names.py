"""Names for results: who wrote, and where."""

from collections.abc import Sequence

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
