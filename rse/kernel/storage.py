"""Blobs: bytes under the name of their own hash, behind one interface."""

import asyncio
import hashlib
import os
import secrets
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
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
        self._incoming, self._leaving = folder / "incoming", folder / "leaving"
        self._incoming.mkdir(parents=True, exist_ok=True)
        self._leaving.mkdir(exist_ok=True)

    def path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest

    async def put(self, content: bytes | AsyncIterable[bytes], max_bytes: int = 1 << 40) -> Blob:
        """Store; TooLarge past `max_bytes`, Unavailable when the disk is full."""
        temporary = self._incoming / secrets.token_hex(16)
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

    async def keep(self, digest: str, content: bytes) -> None:
        """Once a row names them: store the bytes again if a removal has just taken them."""
        if not await asyncio.to_thread(self.path(digest).exists):
            await self.put(content)

    async def remove_unless(
        self, digest: str, is_used: Callable[[], Awaitable[bool]], before: datetime | None = None
    ) -> bool:
        """Remove, unless something uses the bytes, or they were stored again since `before`.

        They are put aside first and asked about then: whoever stores the same bytes from that
        moment on makes a file of their own, and whoever did so earlier is seen.
        """
        aside = self._leaving / digest
        await asyncio.to_thread(_move, self.path(digest), aside)
        renewed = before is not None and not await asyncio.to_thread(_is_older, aside, before)
        if renewed or await is_used():
            await asyncio.to_thread(self._bring_back, aside)
            return False
        await asyncio.to_thread(aside.unlink, missing_ok=True)
        return True

    def _bring_back(self, aside: Path) -> None:
        # Linked and not renamed: a file that was stored meanwhile is younger, and stays.
        with suppress(FileExistsError, FileNotFoundError):
            os.link(aside, self.path(aside.name))
        aside.unlink(missing_ok=True)

    async def tidy(self, before: datetime) -> None:
        """After a loss of power: what was being removed is back, what never arrived is gone."""
        for aside in await asyncio.to_thread(_files, self._leaving):
            await asyncio.to_thread(self._bring_back, aside)
        for part in await asyncio.to_thread(_files, self._incoming):
            if await asyncio.to_thread(_is_older, part, before):
                await asyncio.to_thread(part.unlink, missing_ok=True)

    async def stored_before(self, before: datetime) -> AsyncIterator[list[str]]:
        """The digests of what was stored, last, before this moment; one folder at a time."""
        for folder in await asyncio.to_thread(lambda: sorted(self._folder.glob("??"))):
            yield await asyncio.to_thread(
                lambda here: [file.name for file in _files(here) if _is_older(file, before)], folder
            )


def _move(source: Path, target: Path) -> None:
    with suppress(FileNotFoundError):
        source.rename(target)


def _is_older(file: Path, before: datetime) -> bool:
    """Whether a file is that old; one that is gone is as old as can be."""
    try:
        return file.stat().st_mtime < before.timestamp()
    except FileNotFoundError:
        return True


def _files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


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
