"""The announcements feature."""

from rse.feature import Feature
from rse.feed.sockets import (
    FOOT,
    HEAD,
    MENU,
    CardPart,
    card_parts,
    edit_pages,
    home_tops,
    post_kinds,
    write_links,
)
from rse.kernel.i18n import N_
from rse.kernel.schedule import Timed
from rse.spaces.offers import offers

from . import actions, events, mail, notices, privacy, queries, reactions, web


async def start() -> None:
    """Stand on top of the home feed, on the cards, and beside the composer."""
    offers["announcements"] = N_("Announcements")
    home_tops["announcements"] = queries.standing
    write_links["announcements"] = web.links
    post_kinds[queries.KIND] = N_("Announcements")
    edit_pages[queries.KIND] = "announcements"
    card_parts["announcements"] = CardPart(
        templates={
            HEAD: "announcements/_head.html",
            FOOT: "announcements/_foot.html",
            MENU: "announcements/_menu.html",
        },
        load=queries.parts_of,
        is_pin=True,
    )


feature = Feature(
    name="announcements",
    title=N_("Announcements"),
    models="rse.announcements.models",
    privacy=privacy,
    web=web.blueprint,
    reactions={
        events.RoundBegun: [reactions.tell],
        events.ReminderDue: [reactions.remind],
    },
    notices=notices.KINDS,
    mail_actions=mail.ACTIONS,
    schedule=[
        Timed(name="announcements.remind", seconds=600, run=actions.remind),
        Timed(name="announcements.keep_seen", seconds=6 * 3600, run=actions.keep_seen),
    ],
    start=start,
)
