"""« Anna is writing… »: passed on to who listens, never kept, never to another company."""

import time

from rse.identity.models import ACTIVE, Person
from rse.identity.policy import profile_policy
from rse.kernel.ids import to_public

from .hub import Hub
from .topics import may_say

# A page repeats itself every three seconds while somebody writes.
EVERY_SECONDS = 2.0
_MOST_KNOWN = 10_000

_said: dict[tuple[int, str], float] = {}


async def tell_of_typing(hub: Hub, person_id: int, topic: str) -> bool:
    """Tell those who listen to `topic` that somebody writes there; False where that is not done.

    Who writes is read anew: a connection may be older than their rights and their own switch.
    """
    if not (await profile_policy()).typing:
        return False
    if not _is_time(person_id, topic):
        return True
    person = await Person.get_or_none(id=person_id, status=ACTIVE, shows_presence=True)
    if person is None or not await may_say(person, topic):
        return False
    hub.pass_on(topic, "typing", {"person": to_public(person.id), "name": person.display_name})
    return True


def _is_time(person_id: int, topic: str) -> bool:
    now = time.monotonic()
    if _said.get((person_id, topic), 0) > now - EVERY_SECONDS:
        return False
    if len(_said) >= _MOST_KNOWN:
        _said.clear()
    _said[person_id, topic] = now
    return True
