"""The pins feature."""

from rse.feature import Feature
from rse.feed.events import PostMoved
from rse.feed.sockets import HEAD, MENU, CardPart, card_parts, space_tops
from rse.kernel.i18n import N_
from rse.kernel.schedule import Timed
from rse.spaces.offers import offers

from . import actions, privacy, queries, web


async def start() -> None:
    """Stand on top of a space's feed, and in the menus of its cards."""
    offers["pins"] = N_("Pinned posts")
    space_tops["pins"] = queries.of_space
    card_parts["pins"] = CardPart(
        templates={HEAD: "pins/_head.html", MENU: "pins/_menu.html"}, load=queries.parts_of
    )


feature = Feature(
    name="pins",
    title=N_("Pins"),
    models="rse.pins.models",
    privacy=privacy,
    web=web.blueprint,
    reactions={PostMoved: [actions.forget_moved]},
    schedule=[Timed(name="pins.forget_ended", seconds=3600, run=actions.forget_ended)],
    start=start,
)
