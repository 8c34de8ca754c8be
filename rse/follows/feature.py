"""The follows feature."""

from rse.feature import Feature
from rse.kernel.i18n import N_

from . import events, notices, privacy, reactions, web

feature = Feature(
    name="follows",
    title=N_("Follows"),
    models="rse.follows.models",
    privacy=privacy,
    web=web.blueprint,
    reactions={events.PersonFollowed: [reactions.tell]},
    notices=notices.KINDS,
)
