"""Lists by keyset: a page and the cursor of the next one, never an offset."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

ItemT = TypeVar("ItemT")

LIMIT = 20
NEWEST = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Page(Generic[ItemT]):
    """Some items in order; `next_cursor` is None at the end."""

    items: Sequence[ItemT]
    next_cursor: int | None = None


def page_of(found: Sequence[ItemT], key: Callable[[ItemT], int], limit: int = LIMIT) -> Page[ItemT]:
    """Cut a list that was asked for one item more than a page holds."""
    items = found[:limit]
    return Page(items, key(items[-1]) if len(found) > limit else None)
