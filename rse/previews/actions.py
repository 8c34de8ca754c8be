"""Changes to previews: found, removed from a post, switched off, forgotten."""

import hashlib
from datetime import timedelta

from tortoise.exceptions import IntegrityError

from rse.config import settings
from rse.feed import queries as feed
from rse.feed.models import Post
from rse.files.actions import release
from rse.identity.models import Person
from rse.kernel import clock
from rse.kernel.db import transaction
from rse.kernel.errors import NotAllowed
from rse.kernel.i18n import gettext as _
from rse.kernel.models import LiveSetting
from rse.kernel.storage import blobs

from . import queries, rules
from .fetching import Found, look_at
from .models import LinkPreview, PostLink

KEPT = timedelta(days=7)
# A page that did not answer may answer soon.
FAILED_KEPT = timedelta(hours=1)


async def find(post: Post) -> bool:
    """Give a post of ours the preview of its first link. Whether what it shows has changed."""
    url = rules.first_link(post.html, settings().host) if await queries.are_on() else ""
    known = await PostLink.get_or_none(post_id=post.id).select_related("preview")
    if known and known.preview.url == url:
        return False
    preview = await _preview(url) if url else None
    async with transaction():
        gone = await PostLink.filter(post_id=post.id).delete()
        if preview is not None and await Post.exists(id=post.id, deleted_at=None):
            await PostLink.create(post_id=post.id, preview=preview)
    return bool(gone or (preview and preview.title))


async def _preview(url: str) -> LinkPreview:
    digest = hashlib.sha256(url.encode()).hexdigest()
    known = await LinkPreview.get_or_none(digest=digest)
    if known and known.expires_at > clock.now():
        return known
    return await _remember(url, digest, await look_at(url))


async def _remember(url: str, digest: str, found: Found | None) -> LinkPreview:
    shown = found.picture if found else None
    blob = await blobs().put(shown.preview) if shown else None
    values = {
        "url": url, "title": found.page.title if found else "",
        "description": found.page.description if found else "",
        "site": found.page.site if found else "", "picture_digest": blob.digest if blob else None,
        "width": shown.width if shown else 0, "height": shown.height if shown else 0,
        "expires_at": clock.now() + (KEPT if found else FAILED_KEPT),
    }  # fmt: skip
    before = await LinkPreview.get_or_none(digest=digest)
    try:
        preview, _made = await LinkPreview.update_or_create(digest=digest, defaults=values)
    except IntegrityError:  # another post with the same link, at the same moment
        return await LinkPreview.get(digest=digest)
    if shown and blob:
        await blobs().keep(blob.digest, shown.preview)
    if before and before.picture_digest and before.picture_digest != preview.picture_digest:
        await release(before.picture_digest)
    return preview


async def remove(person: Person, post_id: int) -> None:
    """Take the preview off one's own post; the link stays in its words."""
    post, _view = await feed.post_for(person, post_id)
    if post.author_id != person.id:
        raise NotAllowed(_("Only the author can remove this."))
    await PostLink.filter(post_id=post_id).update(is_hidden=True)


async def switch(*, are_on: bool) -> None:
    """Let this instance look at linked pages, or not. What was found is shown all the same."""
    async with transaction():
        await LiveSetting.update_or_create(
            name=queries.SWITCH, defaults={"value": {"are_on": are_on}}
        )


async def forget_unused() -> None:
    """Previews that are old and on no post any more go, with their pictures."""
    old = LinkPreview.filter(expires_at__lt=clock.now(), posts__id=None)
    for preview in await old.limit(500):
        if await PostLink.exists(preview_id=preview.id):
            continue
        await LinkPreview.filter(id=preview.id).delete()
        if preview.picture_digest:
            await release(preview.picture_digest)
