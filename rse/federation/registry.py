"""What the parts of the product declare to federation; filled once, at start."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from .types import Incoming

InboxHandler = Callable[[Incoming], Awaitable[None]]
ObjectLoader = Callable[[int, int], Awaitable[Mapping[str, Any] | None]]

inbox: dict[tuple[str, str], InboxHandler] = {}
objects: dict[str, ObjectLoader] = {}


async def load(kind: str, object_id: int, partner_id: int) -> Mapping[str, Any] | None:
    """One of our objects as that partner may read it now; None when there is nothing for them."""
    loader = objects.get(kind)
    return await loader(object_id, partner_id) if loader else None
