"""What a feature is handed when a partner's activity has been verified and allowed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rse.identity.models import Person


@dataclass(frozen=True, slots=True)
class Incoming:
    """One verified, authorised activity; the handler runs inside the transaction that applies it."""

    partner_id: int
    organisation_id: int
    actor: Person
    activity: Any
    space_id: int | None
