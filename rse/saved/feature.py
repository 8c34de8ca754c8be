"""The saved searches feature."""

from rse.feature import Feature
from rse.kernel.i18n import N_
from rse.kernel.schedule import Timed
from rse.search.beside import ResultsLink, results_links

from . import alerts, notices, privacy, web


async def start() -> None:
    """A link above the results."""
    results_links["saved"] = ResultsLink(
        N_("Save this search"), "/search/saved/new", "bookmark", N_("Saved searches"), web.HERE
    )


feature = Feature(
    name="saved",
    title=N_("Saved searches"),
    models="rse.saved.models",
    privacy=privacy,
    web=web.blueprint,
    notices=notices.KINDS,
    schedule=[Timed(name="saved.alerts", seconds=120, run=alerts.look)],
    start=start,
)
