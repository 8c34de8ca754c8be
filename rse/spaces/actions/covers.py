"""The cover of a space comes and goes."""

import asyncio

from rse.identity.models import Person
from rse.kernel.db import transaction
from rse.kernel.storage import blobs
from rse.spaces import pictures
from rse.spaces.events import SpaceChanged
from rse.spaces.models import Space

from .making import managed


async def set_cover(owner: Person, space_id: int, content: bytes, declared_type: str) -> None:
    """Show a picture above the space."""
    await managed(owner, space_id)
    pictures.check(content, declared_type)
    written = await asyncio.to_thread(pictures.broad, content, declared_type)
    blob = await blobs().put(written)
    await _remember(space_id, blob.digest)


async def remove_cover(owner: Person, space_id: int) -> None:
    """Back to the colours of the brand."""
    await managed(owner, space_id)
    await _remember(space_id, None)


async def _remember(space_id: int, digest: str | None) -> None:
    async with transaction() as change:
        await Space.filter(id=space_id).update(cover_digest=digest)
        change.record(SpaceChanged(space_id))
