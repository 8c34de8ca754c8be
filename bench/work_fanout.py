"""notification fan-out: one event to ten thousand members, in batches of bounded memory."""

import gc
import tracemalloc
from contextlib import AsyncExitStack
from itertools import count

from bench import world
from bench.frame import Prepared, workload
from rse.identity.models import Person
from rse.identity.people import our_organisation
from rse.kernel.models import OutboxJob
from rse.notifications import notify, preferences
from rse.notifications.models import Notification

PEOPLE = 10_000
BATCH = 500
_numbers = count(1)


async def _people() -> tuple[AsyncExitStack, list[int]]:
    """Ten thousand of ours, of whom one in ten has chosen something of their own."""
    stack = AsyncExitStack()
    await stack.enter_async_context(world.instance())
    company = await our_organisation()
    made = [
        Person(
            organisation_id=company.id, handle=f"fan{number}", display_name=f"Person {number}",
            search_name=f"person {number}", email=f"fan{number}@ostrelle.example",
        )
        for number in range(PEOPLE)
    ]  # fmt: skip
    await Person.bulk_create(made, batch_size=BATCH)
    for person in made[:: PEOPLE // 100]:
        await preferences.set_level(person.id, 5, "nothing")
    return stack, [person.id for person in made]


async def _tell(people: list[int]) -> None:
    number = next(_numbers)
    await notify("feed.post", people, key=f"bench:{number}", object_id=number, space_id=5)


async def _peak_megabytes(people: list[int]) -> float:
    """The most that one fan-out holds at once, beyond the list of whom to tell."""
    gc.collect()
    tracemalloc.start()
    await _tell(people)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return round(peak / 1e6, 1)


@workload("tell 10,000 members of one post: list, digest, trace, in batches of 500")
async def fanout_notices() -> Prepared:
    stack, people = await _people()
    tenth, whole = await _peak_megabytes(people[: PEOPLE // 10]), await _peak_megabytes(people)
    counts: dict[str, int | float | str] = {
        "people": PEOPLE,
        "told": await Notification.filter(event_key="bench:2").count(),
        "outbox_jobs": await OutboxJob.all().count(),
        "peak_MB_of_1000": tenth,
        "peak_MB_of_10000": whole,
    }

    async def tell() -> None:
        await _tell(people)

    return Prepared(tell, rounds_of=1, counts=counts, close=stack.aclose)
