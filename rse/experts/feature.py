"""The experts feature."""

from rse.feature import Feature
from rse.kernel.i18n import N_
from rse.people.tabs import DirectoryLink, directory_links

from . import privacy, web


async def start() -> None:
    """A button on the list of people."""
    directory_links["experts"] = DirectoryLink(N_("Who can help?"), web.HERE, "lightbulb")


feature = Feature(
    name="experts",
    title=N_("Experts"),
    models=None,
    privacy=privacy,
    web=web.blueprint,
    start=start,
)
