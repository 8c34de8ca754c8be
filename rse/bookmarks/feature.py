"""The bookmarks feature."""

from rse.feature import Feature
from rse.feed.sockets import ACTS, CardPart, card_parts
from rse.kernel.i18n import N_

from . import privacy, queries, web


async def start() -> None:
    """A button on every card."""
    card_parts["bookmarks"] = CardPart(
        templates={ACTS: "bookmarks/_button.html"}, load=queries.parts_of
    )


feature = Feature(
    name="bookmarks",
    title=N_("Bookmarks"),
    models="rse.bookmarks.models",
    privacy=privacy,
    web=web.blueprint,
    navigation=[web.navigation],
    start=start,
)
