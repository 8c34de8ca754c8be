"""Who may not come in any more is not told anything either."""

from rse.identity.events import PersonDeactivated

from . import presence
from .hub import hub


async def hang_up(event: PersonDeactivated) -> None:
    """End the connections of a person who was switched off."""
    await hub.drop(event.person_id)
    await presence.leave(event.person_id)
