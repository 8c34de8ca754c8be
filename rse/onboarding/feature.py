"""The onboarding feature."""

from rse.feature import Feature
from rse.feed.sockets import HomePanel, home_panels
from rse.kernel.i18n import N_

from . import privacy, queries, web


async def start() -> None:
    """A card at the top of home, as long as something is left to do."""
    home_panels["onboarding"] = HomePanel("onboarding/_card.html", queries.steps_for)


feature = Feature(
    name="onboarding",
    title=N_("First steps"),
    models="rse.onboarding.models",
    privacy=privacy,
    web=web.blueprint,
    template_globals={"titled_steps": web.titled},
    start=start,
)
