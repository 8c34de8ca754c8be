"""The spaces that a field's audience may name: told by the feature above that has them."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import NamedTuple


class Circle(NamedTuple):
    """A space somebody is in."""

    id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Circles:
    """`among` says in which of these spaces a person is now, `of` lists a person's spaces."""

    among: Callable[[int, Collection[int]], Awaitable[set[int]]]
    of: Callable[[int], Awaitable[list[Circle]]]


# One entry, "space".
circles: dict[str, Circles] = {}


async def joined_among(person_id: int, space_ids: Collection[int]) -> set[int]:
    """In which of these the person is; in none while there are no spaces."""
    return await circles["space"].among(person_id, space_ids) if space_ids and circles else set()


async def circles_of(person_id: int) -> list[Circle]:
    return await circles["space"].of(person_id) if circles else []
