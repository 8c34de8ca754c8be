"""Forgets uploads that nobody sent, and stored bytes that nothing shows any more."""

from datetime import datetime, timedelta

from rse.kernel import clock
from rse.kernel.db import transaction
from rse.kernel.ids import at_time
from rse.kernel.storage import blobs

from . import actions, queries
from .models import StoredFile

# Whoever writes has an upload in hand for a while, and bytes come a moment before their row.
KEPT = timedelta(hours=24)
BATCH = 500


async def sweep() -> None:
    """Scheduled; by the clock and not at each change, for it looks through everything."""
    before = clock.now() - KEPT
    await forget_unsent(before)
    await forget_unshown(before)


async def forget_unsent(before: datetime) -> None:
    """Uploads that hang on nothing, and that no draft or scheduled post means to send."""
    last = 0
    while True:
        waiting = StoredFile.filter(id__gt=last, id__lt=at_time(before), post_id=None)
        found = await waiting.order_by("id").limit(BATCH)
        if not found:
            return
        last = found[-1].id
        async with transaction():
            claimed = await queries.claimed([file.id for file in found])
            gone = [
                file for file in found if file.id not in claimed and await actions.forget_row(file)
            ]
        for file in gone:
            await actions.release_of(file)


async def forget_unshown(before: datetime) -> None:
    """Bytes without a row: of what was erased, replaced, or never written down."""
    store = blobs()
    await store.tidy(before)
    async for digests in store.stored_before(before):
        for start in range(0, len(digests), BATCH):
            batch = digests[start : start + BATCH]
            for digest in sorted(set(batch) - await actions.in_use(batch)):
                await actions.release(digest, before)
