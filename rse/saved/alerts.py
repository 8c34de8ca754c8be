"""Tells people that something new answers a search they keep: by the clock, many things at once."""

from collections.abc import Sequence

from rse.kernel.db import transaction
from rse.notifications import notify
from rse.search import index, results

from . import queries
from .models import SavedSearch

AT_ONCE = 200


async def look() -> None:
    """Ask each kept search about what is new, with the rights its person has now."""
    while fresh := await index.fresh(AT_ONCE):
        last = 0
        while batch := await queries.listening(last, AT_ONCE):
            for saved in batch:
                await _tell(saved, fresh)
            last = batch[-1].id
        async with transaction():
            await index.forget_fresh(fresh)


async def _tell(saved: SavedSearch, fresh: Sequence[int]) -> None:
    """One notice for all that is new; killed in between and run again, it is still one."""
    # What was there before the search was kept is no news.
    new = [one for one in fresh if one > saved.id]
    found = await results.answering(saved.person, queries.asked_of(saved), new) if new else []
    if found:
        key = f"saved:{saved.id}:{max(found)}"
        await notify("saved.found", [saved.person_id], key=key, object_id=saved.id)
