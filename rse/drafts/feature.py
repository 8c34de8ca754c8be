"""The drafts feature."""

from rse.feature import Feature
from rse.feed.events import CommentPublished, PostPublished
from rse.feed.sockets import ComposeButton, compose_buttons
from rse.files.queries import claims
from rse.kernel.i18n import N_
from rse.web import kept

from . import privacy, queries, reactions, web


async def start() -> None:
    """A button in the composer; words of an ended session are given back as a draft."""
    compose_buttons["drafts"] = ComposeButton(N_("Save draft"), "/drafts", "file-text")
    if queries.wanted_files not in claims:
        claims.append(queries.wanted_files)
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
