"""The scheduled posts feature."""

from rse.feature import Feature
from rse.feed.sockets import ComposeButton, compose_buttons
from rse.files.queries import claims
from rse.kernel.i18n import N_
from rse.kernel.schedule import Timed

from . import actions, events, notices, privacy, queries, reactions, web


async def start() -> None:
    """A second button in the composer."""
    if queries.wanted_files not in claims:
        claims.append(queries.wanted_files)
    compose_buttons["scheduled"] = ComposeButton(N_("Later…"), "/scheduled/new", "clock")


feature = Feature(
    name="scheduled",
    title=N_("Scheduled posts"),
    models="rse.scheduled.models",
    privacy=privacy,
    web=web.blueprint,
    reactions={events.ScheduledRefused: [reactions.tell_author]},
    notices=notices.KINDS,
    schedule=[Timed(name="scheduled.publish_due", seconds=60, run=actions.publish_due)],
    start=start,
)
