"""Blobs: whole or absent, once each, and a full disk says so."""

import resource
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from rse.kernel.errors import TooLarge, Unavailable
from rse.kernel.storage import DiskStore


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    store = DiskStore(tmp_path)
    one = await store.put(b"bonjour")
    assert await store.put(pieces(b"bon", b"jour")) == one
    assert await store.read(one.digest) == b"bonjour"
    assert len([p for p in tmp_path.rglob("*") if p.is_file()]) == 1


async def test_too_much_leaves_nothing_behind(tmp_path: Path) -> None:
    store = DiskStore(tmp_path)
    with pytest.raises(TooLarge):
        await store.put(pieces(b"x" * 60, b"x" * 60), max_bytes=100)
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


async def test_a_source_that_breaks_off_leaves_nothing_behind(tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"half"
        raise ConnectionError

    store = DiskStore(tmp_path)
    with pytest.raises(Unavailable):
        await store.put(broken())
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


async def test_a_full_disk_is_said_in_words_and_loses_nothing(tmp_path: Path) -> None:
    store = DiskStore(tmp_path)
    kept = await store.put(b"before")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(Unavailable, match="could not be stored"):
            await store.put(b"x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert await store.read(kept.digest) == b"before"
    assert [p.name for p in (tmp_path / "incoming").iterdir()] == []
