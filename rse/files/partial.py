"""The bytes of uploads under way, each a file whose length is how far the upload got."""

import asyncio
import fcntl
from collections.abc import AsyncIterable
from pathlib import Path
from typing import BinaryIO

from rse.config import settings
from rse.kernel.errors import Conflict, TooLarge, Unavailable
from rse.kernel.i18n import gettext as _


def _path(upload_id: int) -> Path:
    folder = settings().server.data_dir / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / str(upload_id)


async def offset(upload_id: int) -> int:
    """How many bytes have arrived."""
    path = _path(upload_id)
    return (await asyncio.to_thread(path.stat)).st_size if path.exists() else 0


async def append(upload_id: int, at: int, chunks: AsyncIterable[bytes], most: int) -> int:
    """Add what arrives, from byte `at` on; what came before a connection broke is kept."""
    file = await asyncio.to_thread(_opened, _path(upload_id))
    try:
        place = file.seek(0, 2)
        if place != at:
            raise Conflict(_("This upload stands elsewhere. Ask where it stands, and go on there."))
        async for chunk in chunks:
            place += len(chunk)
            if place > most:
                raise TooLarge(_("More arrived than was announced."))
            await asyncio.to_thread(file.write, chunk)
    except OSError as error:
        raise Unavailable(
            _("The file could not be stored. Nothing was lost; try again later.")
        ) from error
    finally:
        file.close()  # not awaited: a request that breaks off is cancelled, and must let go
    return place


def _opened(path: Path) -> BinaryIO:
    """Opened for one request at a time: a second one beside it would mix their bytes."""
    file = path.open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise Conflict(_("This upload is still being received. Wait a moment.")) from None
    return file


async def content(upload_id: int) -> bytes:
    return await asyncio.to_thread(_path(upload_id).read_bytes)


async def remove(upload_id: int) -> None:
    await asyncio.to_thread(_path(upload_id).unlink, missing_ok=True)
