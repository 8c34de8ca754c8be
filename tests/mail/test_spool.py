"""The spool: nothing acknowledged is lost, nothing is done twice, a full disk says so."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from rse.mail.spool import RETRY_SECONDS, Envelope, Spool
from tests.mail.doors import Client

MAIL = b"From: Lea <lea@ostrelle.example>\r\nMessage-ID: <1@ostrelle.example>\r\n\r\nBonjour\r\n"


def envelope(*recipients: str) -> Envelope:
    return Envelope(
        "lea@ostrelle.example",
        recipients or ("r.x@mail.ostrelle.example",),
        "127.0.0.1",
        "SMTP",
        time.time(),
    )


@asynccontextmanager
async def other_process(
    root: Path, how: str
) -> AsyncIterator[tuple[asyncio.subprocess.Process, Client]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.mail.accepting", str(root), how,
        stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert process.stdout is not None
    port = int(await asyncio.wait_for(process.stdout.readline(), 20))
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    client = Client(reader, writer)
    await client.greet()
    try:
        yield process, client
    finally:
        writer.close()
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_killed_between_the_disk_and_the_answer_the_mail_is_there_once(
    tmp_path: Path,
) -> None:
    async with other_process(tmp_path, "kill") as (process, client):
        assert await _answer_or_end(client) == ""
        assert await process.wait() == -9
    # The sender heard no answer, so it comes again.
    async with other_process(tmp_path, "") as (_, client):
        assert (await client.deliver(MAIL)).startswith("250")
    spool = Spool(tmp_path)
    assert [spool.read(name).raw for name in spool.due(float("inf"))] == [MAIL]


async def _answer_or_end(client: Client) -> str:
    """What the door says to a mail; nothing when the connection ends instead."""
    try:
        return await client.deliver(MAIL)
    except ConnectionError:
        return ""


async def test_a_full_disk_is_never_acknowledged(tmp_path: Path) -> None:
    async with other_process(tmp_path, "full") as (_, client):
        assert (await client.deliver(MAIL + b"x" * 20_000 + b"\r\n")).startswith("452 4.3.1")
        assert (await client.deliver(MAIL)).startswith("250")
    assert list((tmp_path / "tmp").iterdir()) == []
    assert Spool(tmp_path).depth()["received"] == 1


def test_a_failed_mail_comes_back_later_and_is_kept_at_the_end(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    name = spool.put(envelope(), MAIL)
    states = []
    for wait in RETRY_SECONDS:
        states.append(spool.postpone(spool.read(name)))
        assert spool.due(time.time() + wait / 2) == []
        assert spool.due(time.time() + wait + 1) == [name]
    assert states == ["failed-1", "failed-2", "failed-3", "failed-4", "failed-5"]
    assert spool.postpone(spool.read(name)) == "dead"
    assert spool.due(float("inf")) == []
    assert spool.read(name).raw == MAIL


def test_a_settled_mail_is_known_until_it_is_purged(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    name = spool.put(envelope(), MAIL)
    spool.settle(spool.read(name), "done")
    assert spool.put(envelope(), MAIL) == name
    assert spool.state_of(name) == "done"
    assert spool.purge(time.time() - 60) == 0
    assert spool.purge(time.time() + 60) == 1
    assert spool.state_of(name) is None


def test_the_same_bytes_for_somebody_else_are_another_mail(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    assert spool.put(envelope("a@x.example"), MAIL) != spool.put(envelope("b@x.example"), MAIL)


def test_one_process_works_the_spool_at_a_time(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    with spool.sole_reader() as first, Spool(tmp_path).sole_reader() as second:
        assert (first, second) == (True, False)
    with spool.sole_reader() as again:
        assert again


def test_the_envelope_comes_back_as_it_was(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    stored = envelope("é@x.example", "b@x.example")
    assert spool.read(spool.put(stored, MAIL)).envelope == stored
