"""The profile fields feature. Its pages are those of people and of the administration."""

from rse.feature import Feature
from rse.federation import cards
from rse.kernel.i18n import N_

from . import events, federation, privacy


async def start() -> None:
    """A partner's card of somebody holds the fields that are meant for that partner."""
    cards.details["profile_fields"] = federation.details


feature = Feature(
    name="profile_fields",
    title=N_("Profile fields"),
    models="rse.profile_fields.models",
    privacy=privacy,
    reactions={events.FieldsChanged: [federation.tell_partners]},
    start=start,
)
