"""Ends the connections of sessions that ended: signed out, revoked, expired."""

import asyncio
import logging

from tortoise.exceptions import BaseORMException

from rse.identity.models import ACTIVE, Session
from rse.kernel import clock

from .hub import hub
from .listener import SIGNED_OUT

log = logging.getLogger(__name__)

EVERY_SECONDS = 20.0
_AT_ONCE = 500


async def watch() -> None:
    """Look again and again, in each process: connections outlive the request that opened them."""
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        try:
            await drop_ended()
        except (BaseORMException, OSError) as error:
            log.warning("sessions could not be looked at: %s", type(error).__name__)


async def drop_ended() -> None:
    """Hang up on every connection whose session is over."""
    listeners = hub.listeners()
    for start in range(0, len(listeners), _AT_ONCE):
        part = listeners[start : start + _AT_ONCE]
        alive = await _alive({listener.session_id for listener in part})
        for listener in part:
            if listener.session_id not in alive:
                listener.close(SIGNED_OUT)


async def _alive(session_ids: set[int]) -> set[int]:
    found = await Session.filter(
        id__in=session_ids, expires_at__gt=clock.now(), account__person__status=ACTIVE
    ).values("id")
    return {each["id"] for each in found}
