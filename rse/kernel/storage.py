"""Blobs: bytes under the name of their own hash, behind one interface."""

import asyncio
import hashlib
import os
import secrets
from collections.abc import AsyncIterable
from dataclasses import dataclass
from pathlib import Path

from .errors import TooLarge, Unavailable
from .i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Blob:
    """Stored bytes: SHA-256 in hexadecimal, size in bytes."""

    digest: str
    size: int


class DiskStore:
    """Blobs in folders of a directory. Written beside, synced, then renamed: whole or absent."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / "incoming").mkdir(parents=True, exist_ok=True)

    def path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest

    async def put(self, content: bytes | AsyncIterable[bytes], max_bytes: int = 1 << 40) -> Blob:
        """Store; TooLarge past `max_bytes`, Unavailable when the disk is full."""
        temporary = self._folder / "incoming" / secrets.token_hex(16)
        try:
            blob = await self._write(temporary, content, max_bytes)
            await asyncio.to_thread(self._keep, temporary, blob.digest)
        except OSError as error:
            raise Unavailable(
                _("The file could not be stored. Nothing was lost; try again later.")
            ) from error
        finally:
            await asyncio.to_thread(temporary.unlink, missing_ok=True)
        return blob

    async def _write(
        self, temporary: Path, content: bytes | AsyncIterable[bytes], max_bytes: int
    ) -> Blob:
        digest, size = hashlib.sha256(), 0
        file = await asyncio.to_thread(temporary.open, "wb")
        try:
            async for chunk in _chunks(content):
                size += len(chunk)
                if size > max_bytes:
                    raise TooLarge(_("This file is too large."))
                digest.update(chunk)
                await asyncio.to_thread(file.write, chunk)
            await asyncio.to_thread(_sync, file.fileno(), file.flush)
        finally:
            await asyncio.to_thread(file.close)
        return Blob(digest.hexdigest(), size)

    def _keep(self, temporary: Path, digest: str) -> None:
        target = self.path(digest)
        target.parent.mkdir(exist_ok=True)
        temporary.replace(target)

    async def read(self, digest: str) -> bytes:
        return await asyncio.to_thread(self.path(digest).read_bytes)

    async def remove(self, digest: str) -> None:
        await asyncio.to_thread(self.path(digest).unlink, missing_ok=True)


async def _chunks(content: bytes | AsyncIterable[bytes]) -> AsyncIterable[bytes]:
    if isinstance(content, bytes):
        yield content
    else:
        async for chunk in content:
            yield chunk


def _sync(descriptor: int, flush: object) -> None:
    if callable(flush):
        flush()
    os.fsync(descriptor)


_store: DiskStore | None = None


def open_store(folder: Path) -> None:
    global _store  # noqa: PLW0603 - one instance per process
    _store = DiskStore(folder)


def blobs() -> DiskStore:
    """The instance's store."""
    if _store is None:
        raise RuntimeError("the blob store is not open")
    return _store
