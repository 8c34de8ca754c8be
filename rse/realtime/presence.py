"""Who has a page open in front of them: told by heartbeats, forgotten by itself, never stored."""

import logging
import time
from collections.abc import Awaitable, Sequence
from typing import Any, cast

from redis.exceptions import RedisError

from rse.identity.models import ACTIVE, Person
from rse.identity.policy import profile_policy
from rse.kernel import redis
from rse.kernel.reads import ids

log = logging.getLogger(__name__)

# A page says so every minute; one heartbeat may be lost.
HERE_SECONDS = 150
_TROUBLE = (RedisError, OSError, TimeoutError)

_here: dict[int, float] = {}


async def beat(person_id: int) -> None:
    """Somebody is here; where the company or they do not want it told, nothing is kept."""
    if not (await profile_policy()).presence or not await _willing([person_id]):
        return
    _forget_old()
    _here[person_id] = time.monotonic() + HERE_SECONDS
    client = redis.client()
    if client is not None:
        try:
            await client.set(_key(person_id), b"1", ex=HERE_SECONDS)
        except _TROUBLE as error:
            log.warning("presence is known in this process alone: %s", type(error).__name__)


async def active_among(person_ids: Sequence[int]) -> set[int]:
    """Which of these are here, where the company and each of them allow it to be shown."""
    if not person_ids or not (await profile_policy()).presence:
        return set()
    here = await _here_among(person_ids)
    return set(await _willing(here)) if here else set()


async def _willing(person_ids: Sequence[int]) -> list[int]:
    """Those of our people who may be seen: asked each time, a connection is older than a switch."""
    shown = Person.filter(id__in=person_ids, shows_presence=True, status=ACTIVE, uri=None)
    return await ids(shown)


async def _here_among(person_ids: Sequence[int]) -> list[int]:
    now = time.monotonic()
    known = [person_id for person_id in person_ids if _here.get(person_id, 0) > now]
    client = redis.client()
    if client is None:
        return known
    try:
        asked = cast("Awaitable[list[Any]]", client.mget([_key(one) for one in person_ids]))
        found = await asked
    except _TROUBLE as error:
        log.warning("presence is known in this process alone: %s", type(error).__name__)
        return known
    return [one for one, value in zip(person_ids, found, strict=True) if value]


async def leave(person_id: int) -> None:
    """Forget somebody at once: they do not want to be seen any more, or were switched off."""
    _here.pop(person_id, None)
    client = redis.client()
    if client is not None:
        try:
            await client.delete(_key(person_id))
        except _TROUBLE as error:
            log.warning("presence was not taken back: %s", type(error).__name__)


def forget_all() -> None:
    """Know of nobody in this process: it ends, or a test begins."""
    _here.clear()


def _forget_old() -> None:
    now = time.monotonic()
    for person_id in [one for one, until in _here.items() if until <= now]:
        del _here[person_id]


def _key(person_id: int) -> str:
    return redis.name_of(f"here:{person_id}")
