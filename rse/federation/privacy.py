"""A person's traces in the federation."""

from collections.abc import Mapping
from typing import Any

from rse.identity.models import Person

from .io.models import FedAudit, Introduction
from .outbox import say_left


async def export(person_id: int) -> Mapping[str, Any]:
    return {
        "known_to_partners": await Introduction.filter(person_id=person_id).values(
            "partner__name", "partner__origin", "at"
        ),
        "administration": await FedAudit.filter(person_id=person_id).values(
            "at", "action", "subject", "decision"
        ),
    }


async def erase(person_id: int) -> None:
    """Partners learn that the person left, and may no longer look them up.

    The audit record keeps the bare number.
    """
    await say_left(await Person.get(id=person_id))
    await Introduction.filter(person_id=person_id).delete()
