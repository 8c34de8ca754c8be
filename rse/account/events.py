"""What can happen at the door."""

from dataclasses import dataclass

from rse.kernel.events import Event


@dataclass(frozen=True, slots=True)
class JoinRequested(Event):
    """Somebody waits for an administrator to let them in."""

    name = "account.join_requested"
    request_id: int
