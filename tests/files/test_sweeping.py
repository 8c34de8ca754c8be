"""Uploads nobody sent and bytes nothing shows are gone in time, and never a moment too early."""

import io
import os
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from rse.drafts import actions as drafts
from rse.drafts.drafts import DraftInput
from rse.files import actions, privacy, queries, sweeping
from rse.files.models import StoredFile
from rse.identity.portraits import set_portrait
from rse.kernel import clock
from rse.kernel.errors import NotFound
from rse.kernel.ids import to_public
from rse.kernel.storage import blobs
from tests import make
from tests.files.test_files import picture, post_with

pytestmark = pytest.mark.usefixtures("app")
TEXT = b"Le rapport de mardi."


def plain(colour: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (300, 300), colour).save(buffer, "PNG")
    return buffer.getvalue()


def is_kept(digest: str | None) -> bool:
    return digest is not None and blobs().path(digest).exists()


def grow_old(*digests: str | None) -> None:
    """As if these bytes had been stored two days ago."""
    then = (clock.now() - timedelta(days=2)).timestamp()
    for digest in filter(None, digests):
        os.utime(blobs().path(digest), (then, then))


async def sweep_tomorrow() -> None:
    """A sweep after a day, in which the bytes on the disk became a day older, too."""
    for digests in [batch async for batch in blobs().stored_before(clock.now())]:
        grow_old(*digests)
    clock.shift(timedelta(hours=25))
    try:
        await sweeping.sweep()
    finally:
        clock.shift(timedelta(hours=-25))


async def test_an_upload_nobody_sent_is_gone_after_a_day_with_its_bytes() -> None:
    file = await actions.store(await make.person(), "photo.jpg", picture())
    await sweeping.sweep()
    assert is_kept(file.digest)
    assert is_kept(file.preview_digest)
    await sweep_tomorrow()
    assert not await StoredFile.exists()
    assert not is_kept(file.digest)
    assert not is_kept(file.preview_digest)


async def test_what_hangs_on_a_post_or_waits_in_a_draft_stays() -> None:
    author = await make.person()
    sent = await actions.store(author, "photo.jpg", picture())
    await post_with(author, sent)
    drafted = await actions.store(author, "rapport.txt", TEXT)
    left = await actions.store(author, "notes.txt", b"Rien de tout cela.")
    await drafts.save(author, DraftInput(key="k1", body="Voici", uploads=[to_public(drafted.id)]))
    await sweep_tomorrow()
    assert {file.id for file in await StoredFile.all()} == {sent.id, drafted.id}
    kept = [is_kept(digest) for digest in (sent.digest, sent.preview_digest, drafted.digest)]
    assert kept == [True, True, True]
    assert not is_kept(left.digest)


async def test_more_than_one_batch_goes_in_one_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "BATCH", 2)
    author = await make.person()
    for number in range(5):
        await actions.store(author, f"{number}.txt", f"Rapport {number}".encode())
    await sweep_tomorrow()
    assert not await StoredFile.exists()


async def test_bytes_without_a_row_go_and_so_does_a_portrait_that_was_replaced() -> None:
    person = await make.person()
    before = await set_portrait(person, plain("#355f66"), "image/png")
    after = await set_portrait(person, plain("#a03030"), "image/png")
    lost = (await blobs().put(b"Never written down.")).digest
    fresh = (await blobs().put(b"Its row comes in a moment.")).digest
    grow_old(lost, before, after)
    await sweeping.sweep()
    assert [is_kept(one) for one in (lost, before, after, fresh)] == [False, False, True, True]


async def test_an_upload_that_is_attached_meanwhile_is_not_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    author = await make.person()
    file = await actions.store(author, "rapport.txt", TEXT)
    post = await make.post(author, await make.space(author))

    async def attached_meanwhile(_ids: Sequence[int]) -> set[int]:
        await actions.attach(author, [file.id], post_id=post.id)
        return set()

    monkeypatch.setattr(queries, "claimed", attached_meanwhile)
    await sweep_tomorrow()
    assert (await StoredFile.get(id=file.id)).post_id == post.id
    assert is_kept(file.digest)


@pytest.mark.parametrize("moment", ["before they are put aside", "while they are aside"])
async def test_an_upload_of_the_same_bytes_during_a_sweep_keeps_them(
    monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    author = await make.person()
    digest = (await blobs().put(TEXT)).digest
    grow_old(digest)
    asked = actions.in_use
    calls = 0

    async def uploaded_meanwhile(digests: Sequence[str]) -> set[str]:
        nonlocal calls
        calls += 1
        found = await asked(digests)
        if calls == ["before they are put aside", "while they are aside"].index(moment) + 1:
            await actions.store(author, "rapport.txt", TEXT)  # after the rows were looked at
        return found

    monkeypatch.setattr(actions, "in_use", uploaded_meanwhile)
    await sweeping.sweep()
    file = await StoredFile.get(digest=digest)
    assert await blobs().read(file.digest) == TEXT


async def test_bytes_that_are_let_go_of_just_before_their_new_row_is_written_are_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    author = await make.person()
    create = StoredFile.create

    async def released_first(**values: Any) -> StoredFile:
        await actions.release(values["digest"])
        return await create(**values)

    monkeypatch.setattr(StoredFile, "create", released_first)
    file = await actions.store(author, "rapport.txt", TEXT)
    assert await blobs().read(file.digest) == TEXT


async def test_after_a_loss_of_power_in_a_removal_the_bytes_are_back() -> None:
    file = await actions.store(await make.person(), "rapport.txt", TEXT)
    path = blobs().path(file.digest)
    path.rename(path.parent.parent / "leaving" / file.digest)
    broken_off = path.parent.parent / "incoming" / "half"
    broken_off.write_bytes(b"Bonj")
    os.utime(broken_off, (1, 1))
    await sweeping.sweep()
    assert await blobs().read(file.digest) == TEXT
    assert not broken_off.exists()


async def test_uploads_of_somebody_erased_go_at_once_with_their_bytes() -> None:
    author = await make.person()
    file = await actions.store(author, "rapport.txt", TEXT)
    await privacy.erase(author.id)
    assert not is_kept(file.digest)
    with pytest.raises(NotFound):
        await queries.file_for(author, file.id)
