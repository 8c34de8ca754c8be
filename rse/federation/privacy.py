"""A person's traces in the federation."""

from collections.abc import Mapping
from typing import Any

from .io.models import FedAudit, Introduction


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
    """Partners may no longer look the person up; the audit record keeps the bare number."""
    await Introduction.filter(person_id=person_id).delete()
