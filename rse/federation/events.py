"""What happens inside the federation itself."""

from dataclasses import dataclass

from rse.kernel.events import Event


@dataclass(frozen=True, slots=True)
class ActivitiesArrived(Event):
    """Something a partner said is durable and waits to be applied."""

    name = "federation.arrived"
    partner_id: int


@dataclass(frozen=True, slots=True)
class ActivitiesQueued(Event):
    """Something for a partner is in its log and waits to be sent."""

    name = "federation.queued"
    partner_id: int
