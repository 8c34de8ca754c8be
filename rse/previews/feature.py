"""The link previews feature."""

from rse.feature import Feature
from rse.feed.events import PostDeleted, PostEdited, PostPublished, PostRestored
from rse.feed.sockets import FOOT, CardPart, card_parts
from rse.files.actions import holders
from rse.kernel.i18n import N_
from rse.kernel.schedule import Timed
from rse.privacy.answers import NothingKept

from . import actions, fetching, queries, reactions, web


async def start() -> None:
    """A part of every card, and a claim on the pictures in the store."""
    await fetching.open_client()
    card_parts["previews"] = CardPart(
        templates={FOOT: "previews/_card.html"}, load=queries.parts_of
    )
    if queries.shown_among not in holders:
        holders.append(queries.shown_among)


feature = Feature(
    name="previews",
    title=N_("Link previews"),
    models="rse.previews.models",
    privacy=NothingKept(),
    web=web.blueprint,
    reactions={
        PostPublished: [reactions.look_at_link],
        PostEdited: [reactions.look_at_link],
        PostRestored: [reactions.look_at_link],
        PostDeleted: [reactions.forget_link],
    },
    navigation=[web.navigation],
    schedule=[Timed(name="previews.forget_unused", seconds=86_400, run=actions.forget_unused)],
    start=start,
    stop=fetching.close_client,
)
