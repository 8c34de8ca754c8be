"""The feed feature."""

from rse.feature import Feature
from rse.files.queries import readers
from rse.kernel.events import Event, Subscriber
from rse.kernel.i18n import N_
from rse.kernel.schedule import Timed
from rse.people.tabs import add_profile_tab
from rse.realtime.topics import Topic
from rse.spaces.offers import offers
from rse.spaces.templates import welcome_writers

from . import (
    actions,
    events,
    federation,
    mail,
    navigation,
    notices,
    privacy,
    queries,
    reactions,
    search,
    templating,
    waiting_notices,
    web,
)
from .sockets import FOOT, CardPart, card_parts

POST_EVENTS = (
    events.PostPublished, events.PostEdited, events.PostDeleted, events.PostRestored,
    events.PostMoved,
)  # fmt: skip
COMMENT_EVENTS = (
    events.CommentPublished, events.CommentEdited, events.CommentDeleted, events.CommentRestored,
)  # fmt: skip
REACTION_EVENTS = (events.Reacted, events.ReactionWithdrawn)
TOLD: dict[type[Event], Subscriber] = {
    events.PostPublished: reactions.tell_about_post,
    events.PostEdited: reactions.tell_about_edit,
    events.PostDeleted: reactions.take_notices_back,
    events.PostMoved: reactions.move_along,
    events.CommentPublished: reactions.tell_about_comment,
    events.CommentEdited: reactions.tell_about_edit,
    events.CommentDeleted: reactions.take_notices_back,
    events.Reacted: reactions.tell_about_reaction,
}


async def start() -> None:
    """Files hang on posts: whoever may read the post may read them; a profile shows its posts."""
    if queries.may_read_post not in readers:
        readers.append(queries.may_read_post)
    add_profile_tab(web.PROFILE_TAB)
    if actions.welcome not in welcome_writers:
        welcome_writers.append(actions.welcome)
    offers["files"] = N_("Files in posts and comments")
    card_parts["shared"] = CardPart(
        templates={FOOT: "feed/_shared.html"}, load=queries.shared_parts
    )


REACTIONS: dict[type[Event], list[Subscriber]] = {
    event: [
        federation.tell_partners,
        reactions.refresh_pages,
        *([TOLD[event]] if event in TOLD else []),
        *([search.index_post] if event in POST_EVENTS else []),
        *([search.index_comment] if event in COMMENT_EVENTS else []),
    ]
    for event in (*POST_EVENTS, *COMMENT_EVENTS, *REACTION_EVENTS)
}
REACTIONS[events.PostLocked] = [reactions.refresh_pages]
REACTIONS[events.PostHeld] = [reactions.tell_moderators]
REACTIONS[events.PostAccepted] = [reactions.tell_author]
REACTIONS[events.PostRefused] = [reactions.tell_author]

feature = Feature(
    name="feed",
    title=N_("Feed"),
    models="rse.feed.models",
    topics=[Topic("thread", queries.may_read_post, queries.may_comment, follows="space")],
    privacy=privacy,
    web=web.blueprint,
    reactions=REACTIONS,
    inbox={
        ("Create", "Note"): federation.receive_note,
        ("Update", "Note"): federation.receive_update,
        ("Delete", "Note"): federation.receive_delete,
        ("Undo", "Delete"): federation.receive_restoring,
        ("Like", "Note"): federation.receive_like,
        ("Undo", "Like"): federation.receive_unlike,
    },
    locate=federation.locate,
    objects={"posts": federation.post_document, "comments": federation.comment_document},
    mail=mail.HANDLERS,
    notices=(*notices.KINDS, *waiting_notices.KINDS),
    search=search.KINDS,
    schedule=[Timed(name="feed.purge", seconds=3600, run=actions.purge_deleted)],
    navigation=[navigation.contribute, navigation.settings],
    template_globals=templating.GLOBALS,
    template_filters=templating.FILTERS,
    start=start,
)
