"""Reads of follows: whom one follows, and which of a list they are."""

from collections.abc import Sequence
from typing import NamedTuple

from rse.kernel.reads import rows


class _Id(NamedTuple):
    id: int


async def followed_ids(person_id: int) -> list[int]:
    """Whom a person follows, at most MOST_FOLLOWED."""
    found = await rows(_Id, "SELECT followed_id FROM follow WHERE follower_id = ?", person_id)
    return [row.id for row in found]


async def followed_among(person_id: int, others: Sequence[int]) -> set[int]:
    """Which of these the person follows. Hot: on every page with a list of people."""
    if not others:
        return set()
    marks = ",".join("?" * len(others))
    sql = f"SELECT followed_id FROM follow WHERE follower_id = ? AND followed_id IN ({marks})"  # noqa: S608
    return {row.id for row in await rows(_Id, sql, person_id, *others)}
