"""Reads of files. `file_for` is the only door: it asks whoever owns what the file hangs on."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from rse.identity.models import Person
from rse.kernel.errors import NotFound
from rse.kernel.i18n import gettext as _
from rse.kernel.reads import ids, rows

from . import partial
from .models import FileText, StoredFile, Upload

# The feature that files hang on answers whether a person may read its post, and the comment if
# it is a comment's: set at start-up.
readers: list[Callable[[Person, int, int | None], Awaitable[bool]]] = []
# Others that hold uploads which hang on nothing yet, such as drafts: each answers which of these.
claims: list[Callable[[Sequence[int]], Awaitable[set[int]]]] = []


class FileCard(NamedTuple):
    """A file as a card shows it."""

    id: int
    post_id: int
    comment_id: int | None
    name: str
    media_type: str
    size: int
    is_image: int
    width: int
    height: int


class Progress(NamedTuple):
    """How far an upload got."""

    offset: int
    size: int
    expires_at: datetime | None


FILES = """
SELECT id, post_id, comment_id, name, media_type, size,
       CASE WHEN preview_digest IS NULL THEN 0 ELSE 1 END, width, height
FROM stored_file WHERE post_id IN ({marks}) ORDER BY post_id, position, id
"""


async def file_for(person: Person, file_id: int) -> StoredFile:
    """The file, if the person may read what it is attached to; uploads in hand are one's own."""
    file = await StoredFile.get_or_none(id=file_id)
    if file is not None:
        if file.post_id is None and file.uploader_id == person.id:
            return file
        if file.post_id is not None:
            for may_read in readers:
                if await may_read(person, file.post_id, file.comment_id):
                    return file
    raise NotFound(_("This file does not exist, or not any more."))


async def unfinished(uploader: Person, upload_id: int) -> Upload:
    """One's own upload under way; one answer otherwise."""
    found = await Upload.get_or_none(id=upload_id, uploader_id=uploader.id)
    if found is None:
        raise NotFound(_("This upload is over, or was never begun. Add the file again."))
    return found


async def progress(uploader: Person, upload_id: int) -> Progress:
    """Where an upload stands. Whole, it is a file; a lost answer is asked for again like this."""
    file = await StoredFile.get_or_none(id=upload_id, uploader_id=uploader.id, post_id=None)
    if file is not None:
        return Progress(file.size, file.size, None)
    upload = await unfinished(uploader, upload_id)
    return Progress(await partial.offset(upload.id), upload.size, upload.expires_at)


async def in_hand(uploader: Person, file_ids: Sequence[int]) -> list[StoredFile]:
    """One's own files that hang on nothing yet, in the order of the ids."""
    if not file_ids:
        return []
    found = StoredFile.filter(id__in=list(file_ids), uploader_id=uploader.id, post_id=None)
    by_id = {file.id: file for file in await found}
    return [by_id[number] for number in file_ids if number in by_id]


async def claimed(file_ids: Sequence[int]) -> set[int]:
    """Those of the unattached uploads that somebody still means to send."""
    found: set[int] = set()
    for claim in claims:
        found |= await claim(file_ids)
    return found


async def files_of(post_ids: Sequence[int]) -> dict[int, list[FileCard]]:
    """The files of posts, by post, in their order. Comments' files come with their post's."""
    if not post_ids:
        return {}
    marks = ",".join("?" * len(post_ids))
    found = await rows(FileCard, FILES.format(marks=marks), *post_ids)
    by_post: dict[int, list[FileCard]] = {}
    for card in found:
        by_post.setdefault(card.post_id, []).append(card)
    return by_post


async def attached(file_ids: Sequence[int]) -> list[StoredFile]:
    """Those of the ids that hang on something, for search."""
    return await StoredFile.filter(id__in=list(file_ids)).exclude(post_id=None)


async def ids_of_post(post_id: int) -> list[int]:
    """Every file of a post and its comments."""
    return await ids(StoredFile.filter(post_id=post_id).order_by("id"))


async def ids_of_comment(comment_id: int) -> list[int]:
    return await ids(StoredFile.filter(comment_id=comment_id).order_by("id"))


async def ids_after(last: int, limit: int) -> list[int]:
    """Attached files, in the order of ids."""
    found = StoredFile.filter(id__gt=last).exclude(post_id=None)
    return await ids(found.order_by("id").limit(limit))


async def texts_of(files: Sequence[StoredFile]) -> dict[str, FileText]:
    """What is known of the words of files, by digest."""
    found = await FileText.filter(digest__in=list({file.digest for file in files}))
    return {text.digest: text for text in found}
