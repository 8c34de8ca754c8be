"""What can happen to announcements."""

from dataclasses import dataclass

from rse.kernel.events import Event


@dataclass(frozen=True, slots=True)
class RoundBegun(Event):
    """It was published, or changed so much that everybody is asked again."""

    name = "announcement.round_begun"
    announcement_id: int
    round: int


@dataclass(frozen=True, slots=True)
class ReminderDue(Event):
    """`number` 1 is the day before the last, 2 the last day."""

    name = "announcement.reminder_due"
    announcement_id: int
    round: int
    number: int
