"""Reads of pins: those of a space, those on a page's cards."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from rse.feed.rows import PostRow, moment_of
from rse.identity.models import Person
from rse.kernel import clock
from rse.kernel.reads import rows
from rse.spaces import queries as spaces

from . import rules

_OF_SPACE = """
SELECT p.id, n.ends_at FROM pin n JOIN post p ON p.id = n.post_id
WHERE p.space_id = ? AND p.deleted_at IS NULL AND (n.ends_at IS NULL OR n.ends_at > ?)
ORDER BY n.id DESC LIMIT ?
"""
_OF_POSTS = """
SELECT post_id, ends_at FROM pin WHERE post_id IN ({marks}) AND (ends_at IS NULL OR ends_at > ?)
"""


class Pinned(NamedTuple):
    """A pinned post, and until when."""

    post_id: int
    ends: object

    @property
    def ends_at(self) -> datetime | None:
        return moment_of(self.ends) if self.ends else None


class Part(NamedTuple):
    """What a card shows: the pin, if it has one, and whether the reader may change that."""

    pin: Pinned | None
    may_pin: bool


async def of_space(space_id: int) -> list[int]:
    """The pinned posts of a space, the newest pin first. Hot: on the page of the space."""
    found = await rows(Pinned, _OF_SPACE, space_id, clock.now(), rules.MOST)
    return [pin.post_id for pin in found]


async def parts_of(
    _reader: Person, shown: Sequence[PostRow], moderated: Mapping[int, bool]
) -> dict[int, object]:
    """What cards show where a space is read; elsewhere a pin means nothing and nothing is read."""
    here = [row for row in shown if row.space_id in moderated]
    if not here:
        return {}
    sql = _OF_POSTS.format(marks=",".join("?" * len(here)))
    found = await rows(Pinned, sql, *[row.id for row in here], clock.now())
    pins = {pin.post_id: pin for pin in found}
    offered = await spaces.offering("pins", [s for s, may in moderated.items() if may])
    parts = {
        row.id: Part(
            pins.get(row.id),
            moderated[row.space_id] and (row.space_id in offered or row.id in pins),
        )
        for row in here
    }
    return {number: part for number, part in parts.items() if part.pin or part.may_pin}
