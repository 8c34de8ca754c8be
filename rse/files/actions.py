"""Files come in, whole or piece by piece, are attached, go."""

import asyncio
from collections.abc import AsyncIterable, Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from tortoise.exceptions import IntegrityError

from rse.identity.models import Person
from rse.kernel import clock
from rse.kernel.db import transaction
from rse.kernel.errors import Invalid, NotAllowed, NotFound, RseError
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import new_id
from rse.kernel.storage import blobs
from rse.kernel.text import clean_line
from rse.spaces.models import Space

from . import partial, queries, rules
from .metadata import without_metadata
from .models import FileText, StoredFile, Upload
from .pictures import picture, true_type

MAX_FILES = 10
MAX_UNFINISHED = 40
UNFINISHED_LASTS = timedelta(hours=24)
# Others that show bytes of the store by their digest: each answers which of these it shows.
holders: list[Callable[[Sequence[str]], Awaitable[set[str]]]] = []


async def store(
    uploader: Person, name: str, content: bytes, *, file_id: int | None = None
) -> StoredFile:
    """Keep an upload. It belongs to nobody else until it is attached."""
    if not uploader.is_active:
        raise NotAllowed(_("You cannot add files."))
    label = _label(name) or _("file")
    rules.check_announced(label, len(content))
    media_type = true_type(label, content[:512])
    rules.check_content(label, content[:512], media_type)
    try:
        shown = await asyncio.to_thread(picture, content, media_type)
    except Invalid as error:
        sentence = f"{label}: {error.message}"
        raise Invalid(sentence, {"files": sentence}) from None
    kept = await asyncio.to_thread(without_metadata, content, media_type)
    blob = await blobs().put(kept)
    preview = await blobs().put(shown.preview) if shown else None
    file = await StoredFile.create(
        id=file_id or new_id(), uploader=uploader, name=label, media_type=media_type,
        size=blob.size, digest=blob.digest, preview_digest=preview.digest if preview else None,
        width=shown.width if shown else 0, height=shown.height if shown else 0,
    )  # fmt: skip
    await blobs().keep(blob.digest, kept)
    if shown and preview:
        await blobs().keep(preview.digest, shown.preview)
    return file


def _label(name: str) -> str:
    return clean_line(name.replace("\\", "/").rpartition("/")[2], 200)


async def begin(uploader: Person, name: str, size: int) -> Upload:
    """Announce a file that will come piece by piece; refused at once when it cannot be kept."""
    if not uploader.is_active:
        raise NotAllowed(_("You cannot add files."))
    label = _label(name)
    rules.check_announced(label, size)
    if await Upload.filter(uploader_id=uploader.id).count() >= MAX_UNFINISHED:
        raise Invalid(_("Too many files are under way. Finish or cancel some of them first."))
    return await Upload.create(
        uploader=uploader, name=label, size=size, expires_at=clock.now() + UNFINISHED_LASTS
    )


async def receive(
    uploader: Person, upload_id: int, at: int, chunks: AsyncIterable[bytes]
) -> queries.Progress:
    """Take a piece. The last one makes it a file, or a refusal that says why."""
    upload = await queries.unfinished(uploader, upload_id)
    reached = await partial.append(upload.id, at, chunks, upload.size)
    if reached == upload.size:
        await _finish(uploader, upload)
    return queries.Progress(reached, upload.size, upload.expires_at)


async def _finish(uploader: Person, upload: Upload) -> None:
    try:
        content = await partial.content(upload.id)
        await store(uploader, upload.name, content, file_id=upload.id)
    except IntegrityError:  # the last piece came twice, at the same moment
        return
    except RseError as error:
        if error.status < 500:
            await forget(upload)
        raise
    await forget(upload)


async def forget(upload: Upload) -> None:
    """Forget an upload under way, with its bytes."""
    await Upload.filter(id=upload.id).delete()
    await partial.remove(upload.id)


async def abandon(uploader: Person, file_id: int) -> None:
    """Take back an upload, finished or not, that hangs on nothing yet. Twice is once."""
    if upload := await Upload.get_or_none(id=file_id, uploader_id=uploader.id):
        await forget(upload)
    for file in await StoredFile.filter(id=file_id, uploader_id=uploader.id, post_id=None):
        await remove(file)


async def forget_unfinished() -> None:
    """Uploads nobody went on with are gone after a day, with their bytes."""
    for upload in await Upload.filter(expires_at__lt=clock.now()).limit(500):
        await forget(upload)


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
        await remove(file)


async def remove(file: StoredFile) -> None:
    """Forget a file with its bytes."""
    if await forget_row(file):
        await release_of(file)


async def forget_row(file: StoredFile) -> bool:
    """Forget a file where it hangs now; False when it was attached or removed meanwhile."""
    return bool(await StoredFile.filter(id=file.id, post_id=file.post_id).delete())


async def release_of(file: StoredFile) -> None:
    """Let go of the bytes of a file whose row is gone."""
    for digest in filter(None, {file.digest, file.preview_digest}):
        await release(digest)


async def release(digest: str, before: datetime | None = None) -> None:
    """Let go of bytes: they are gone unless something else shows them, or they came again."""

    async def is_used() -> bool:
        return bool(await in_use([digest]))

    if await blobs().remove_unless(digest, is_used, before):
        await FileText.filter(digest=digest).delete()


async def in_use(digests: Sequence[str]) -> set[str]:
    """Those that a file, a preview, a portrait, a cover or another holder still shows."""
    which = list(digests)
    found: set[str] = set()
    for column, model in (
        ("digest", StoredFile), ("preview_digest", StoredFile),
        ("avatar_digest", Person), ("cover_digest", Space),
    ):  # fmt: skip
        shown = model.filter(**{f"{column}__in": which})
        found.update(map(str, await shown.values_list(column, flat=True)))
    for holds in holders:
        found |= await holds(which)
    return found
