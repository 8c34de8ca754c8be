"""Files come in, are attached, go."""

import asyncio
from collections.abc import Sequence

from tortoise.expressions import Q

from rse.identity.models import Person
from rse.kernel.db import transaction
from rse.kernel.errors import Invalid, NotAllowed, NotFound, TooLarge
from rse.kernel.i18n import gettext as _
from rse.kernel.storage import blobs
from rse.kernel.text import clean_line
from rse.spaces.models import Space

from .models import FileText, StoredFile
from .pictures import picture, true_type

MAX_BYTES = 15_000_000
MAX_FILES = 10


async def store(uploader: Person, name: str, content: bytes) -> StoredFile:
    """Keep an upload. It belongs to nobody else until it is attached."""
    if not uploader.is_active:
        raise NotAllowed(_("You cannot add files."))
    if not content:
        raise Invalid(_("This file is empty."), {"files": _("This file is empty.")})
    if len(content) > MAX_BYTES:
        raise TooLarge(_("This file is too large: 15 MB at most."))
    label = clean_line(name.replace("\\", "/").rpartition("/")[2], 200) or _("file")
    media_type = true_type(label, content[:512])
    shown = await asyncio.to_thread(picture, content, media_type)
    blob = await blobs().put(content)
    preview = await blobs().put(shown.preview) if shown else None
    return await StoredFile.create(
        uploader=uploader, name=label, media_type=media_type, size=blob.size, digest=blob.digest,
        preview_digest=preview.digest if preview else None,
        width=shown.width if shown else 0, height=shown.height if shown else 0,
    )  # fmt: skip


async def attach(
    uploader: Person, file_ids: Sequence[int], *, post_id: int, comment_id: int | None = None
) -> None:
    """Give one's own fresh uploads to a post or comment, in this order."""
    if len(file_ids) > MAX_FILES:
        raise Invalid(_("Add at most %(n)s files at once.", n=MAX_FILES))
    async with transaction():
        for position, file_id in enumerate(file_ids):
            taken = await StoredFile.filter(
                id=file_id, uploader_id=uploader.id, post_id=None
            ).update(post_id=post_id, comment_id=comment_id, position=position)
            if not taken:
                raise NotFound(_("One of the files is gone. Add it again."))


async def remove_of(*, post_id: int, comment_id: int | None = None) -> None:
    """Forget the files of a post, or of one comment, for good. A blob in use elsewhere stays."""
    which = StoredFile.filter(post_id=post_id)
    for file in await (which.filter(comment_id=comment_id) if comment_id else which):
        await StoredFile.filter(id=file.id).delete()
        for digest in filter(None, {file.digest, file.preview_digest}):
            if not await _is_used(digest):
                await blobs().remove(digest)
                await FileText.filter(digest=digest).delete()


async def _is_used(digest: str) -> bool:
    """Whether a file, a preview, a portrait or a cover still shows these bytes."""
    return (
        await StoredFile.exists(Q(digest=digest) | Q(preview_digest=digest))
        or await Person.exists(avatar_digest=digest)
        or await Space.exists(cover_digest=digest)
    )
