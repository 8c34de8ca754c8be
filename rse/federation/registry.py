"""What the parts of the product declare to federation; filled once, at start."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from .types import Incoming, Whereabouts

InboxHandler = Callable[[Incoming], Awaitable[None]]
ObjectLoader = Callable[[int, int], Awaitable[Mapping[str, Any] | None]]
Locator = Callable[[str], Awaitable[Whereabouts | None]]

inbox: dict[tuple[str, str], InboxHandler] = {}
objects: dict[str, ObjectLoader] = {}
locators: list[Locator] = []


async def load(kind: str, object_id: int, partner_id: int) -> Mapping[str, Any] | None:
    """One of our objects as that partner may read it now; None when there is nothing for them."""
    loader = objects.get(kind)
    return await loader(object_id, partner_id) if loader else None


async def locate(uri: str) -> Whereabouts | None:
    """Whose an object is and where it lives, whichever feature keeps it; None when nobody does."""
    for locator in locators:
        found = await locator(uri)
        if found is not None:
            return found
    return None
