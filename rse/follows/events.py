"""What can happen between followers and those they follow."""

from dataclasses import dataclass

from rse.kernel.events import Event


@dataclass(frozen=True, slots=True)
class PersonFollowed(Event):
    """Somebody began to follow somebody."""

    name = "follow.person_followed"
    follow_id: int
