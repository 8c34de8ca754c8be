"""The drafts feature."""

from rse.feature import Feature
from rse.feed.events import CommentPublished, PostPublished
from rse.feed.sockets import ComposeButton, compose_buttons
from rse.kernel.i18n import N_
from rse.web import kept

from . import privacy, reactions, web


async def start() -> None:
    """A button in the composer; words of an ended session are given back as a draft."""
    compose_buttons["drafts"] = ComposeButton(N_("Save draft"), "/drafts", "file-text")
    kept.takers["drafts"] = web.take_back


feature = Feature(
    name="drafts",
    title=N_("Drafts"),
    models="rse.drafts.models",
    privacy=privacy,
    web=web.blueprint,
    reactions={
        PostPublished: [reactions.forget_sent],
        CommentPublished: [reactions.forget_sent],
    },
    start=start,
)
