"""Reads of previews: those of a page's cards, one's picture, the administrator's switch."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from rse.feed import queries as feed
from rse.feed.rows import PostRow
from rse.identity.models import Person
from rse.kernel.errors import NotFound
from rse.kernel.i18n import gettext as _
from rse.kernel.reads import row, rows

from .models import LinkPreview, PostLink

SWITCH = "previews"
_OF_POSTS = """
SELECT l.post_id, p.url, p.title, p.description, p.site, p.picture_digest, p.width, p.height
FROM post_link l JOIN link_preview p ON p.id = l.preview_id
WHERE l.post_id IN ({marks}) AND l.is_hidden = {no} AND p.title <> ''
"""


class Shown(NamedTuple):
    """A preview as a card shows it."""

    post_id: int
    url: str
    title: str
    description: str
    site: str
    picture_digest: str | None
    width: int
    height: int


class Part(NamedTuple):
    """A preview on a card, and whether it is the reader's own post."""

    shown: Shown
    is_own: bool


async def are_on() -> bool:
    """Whether the administrator lets this instance look at linked pages; yes until they say no."""
    stored = await row(_value, "SELECT value FROM live_setting WHERE name = ?", SWITCH)
    return bool((stored or {}).get("are_on", True))


def _value(column: Any) -> Any:
    """JSON: text on SQLite, already read on PostgreSQL."""
    return orjson.loads(column) if isinstance(column, str | bytes) else column


async def parts_of(
    reader: Person, shown: Sequence[PostRow], _moderated: Mapping[int, bool]
) -> dict[int, object]:
    """The previews of a page's cards: one read, however many."""
    # The reader's own rows are told apart here; only words with a link can have one.
    linked = [post for post in shown if '<a href="http' in post.html]
    if not linked:
        return {}
    sql = _OF_POSTS.format(marks=",".join("?" * len(linked)), no="FALSE")
    found = {one.post_id: one for one in await rows(Shown, sql, *[post.id for post in linked])}
    return {
        post.id: Part(found[post.id], post.author_id == reader.id)
        for post in linked
        if post.id in found
    }


async def picture_for(person: Person, post_id: int) -> str:
    """The digest of the picture on a post, for whoever may read the post."""
    await feed.post_for(person, post_id)
    link = await PostLink.get_or_none(post_id=post_id, is_hidden=False).select_related("preview")
    if link is None or link.preview.picture_digest is None:
        raise NotFound(_("This picture does not exist, or not any more."))
    return link.preview.picture_digest


async def shown_among(digests: Sequence[str]) -> set[str]:
    """Which of these bytes a preview still shows."""
    found = LinkPreview.filter(picture_digest__in=list(digests))
    return set(map(str, await found.values_list("picture_digest", flat=True)))
