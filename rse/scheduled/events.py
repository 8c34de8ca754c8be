"""What can happen to a scheduled post, apart from becoming a post."""

from dataclasses import dataclass

from rse.kernel.events import Event


@dataclass(frozen=True, slots=True)
class ScheduledRefused(Event):
    name = "scheduled.refused"
    scheduled_id: int
