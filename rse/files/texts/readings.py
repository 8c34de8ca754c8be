"""Whose words are wanted, read and kept: each file once, with a reason where there are none."""

import asyncio
import codecs
from collections.abc import Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from rse.files.models import FileText, StoredFile
from rse.files.pictures import OFFICE
from rse.kernel import clock
from rse.kernel.db import transaction
from rse.kernel.i18n import gettext as _
from rse.kernel.reads import ids, rows
from rse.kernel.storage import blobs
from rse.search import index

from .jail import Reading, read_text
from .unread import (
    CRASHED,
    EMPTY,
    LARGE,
    LEGACY,
    MOST_BYTES,
    MOST_CHARACTERS,
    PASSING,
    PROTECTED,
    SLOW,
)

PLAIN: Final = "text/plain"
PARSED: Final = ("application/pdf", "application/x-ole-storage", *OFFICE.values())
ATTEMPTS: Final = 3
AT_ONCE: Final = 20
MISSING = """
SELECT DISTINCT f.digest, f.media_type FROM stored_file f
LEFT JOIN file_text t ON t.digest = f.digest
WHERE f.post_id IS NOT NULL AND t.id IS NULL AND f.media_type IN ({marks}) LIMIT 500
"""


class _Missing(NamedTuple):
    digest: str
    media_type: str


async def want(file_ids: Sequence[int]) -> None:
    """Have the words of these files read. Plain ones are here at once: nothing is parsed."""
    found = await StoredFile.filter(
        id__in=list(file_ids), media_type__in=[PLAIN, *PARSED]
    ).order_by("id")
    await _want({file.digest: file.media_type for file in found})
    plain = [file.digest for file in found if file.media_type == PLAIN]
    for text in await FileText.filter(digest__in=plain).exclude(due_at=None):
        await _settle(text, await _decoded(text.digest))


async def want_missing() -> None:
    """Have read what was stored before words were, or was left behind."""
    kinds = (PLAIN, *PARSED)
    found = await rows(_Missing, MISSING.format(marks=",".join("?" * len(kinds))), *kinds)
    await _want({one.digest: one.media_type for one in found})


async def _want(media_types: dict[str, str]) -> None:
    async with transaction():
        await FileText.bulk_create(
            [FileText(digest=digest, media_type=kind) for digest, kind in media_types.items()],
            ignore_conflicts=True,
        )


async def read_waiting() -> None:
    """Read what is due, a few at a time, and let them be found by their words."""
    now = clock.now()
    due = await FileText.filter(due_at__lte=now).order_by("due_at").limit(AT_ONCE)
    await asyncio.gather(*(_read(text) for text in due))


async def _read(text: FileText) -> None:
    reading = await _reading(text)
    await _settle(text, reading)
    await index.refresh("file", await ids(StoredFile.filter(digest=text.digest)))


async def _reading(text: FileText) -> Reading:
    if text.media_type == PLAIN:
        return await _decoded(text.digest)
    if await StoredFile.exists(digest=text.digest, size__gt=MOST_BYTES):
        return Reading(reason=LARGE)
    try:
        return await read_text(await blobs().read(text.digest))
    except OSError:  # no memory for a process, or the bytes are not there yet
        return Reading(reason=CRASHED)


async def _decoded(digest: str) -> Reading:
    content = (await blobs().read(digest))[: MOST_CHARACTERS * 4]
    text = decoded(content)[:MOST_CHARACTERS].replace("\0", " ")
    return Reading(text) if text.strip() else Reading(reason=EMPTY)


def decoded(content: bytes) -> str:
    """Text as editors of this century and the last one saved it."""
    try:
        # The last letter may be cut in two.
        return codecs.getincrementaldecoder("utf-8-sig")().decode(content)
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


async def _settle(text: FileText, reading: Reading) -> None:
    """Keep the words or the reason; what may pass is tried again, later and later."""
    attempts = text.attempts + 1
    again = reading.reason in PASSING and attempts < ATTEMPTS
    due_at = clock.now() + timedelta(minutes=2**attempts) if again else None
    async with transaction():
        await FileText.filter(id=text.id).update(
            text=reading.text, reason=reading.reason, attempts=attempts, due_at=due_at
        )


def sentence(reason: str) -> str:
    """Why a file is found by its name only, for whoever found it."""
    if reason == PROTECTED:
        return _("Found by its name only: a password protects it.")
    if reason == EMPTY:
        return _("Found by its name only: it has no text, only pictures perhaps.")
    if reason == LARGE:
        return _("Found by its name only: it is too large to be read.")
    if reason == LEGACY:
        return _("Found by its name only: this kind of file cannot be read.")
    if reason == SLOW:
        return _("Found by its name only: reading it took too long.")
    return _("Found by its name only: it is damaged.") if reason else ""
