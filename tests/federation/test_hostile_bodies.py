"""H32: bodies too large, too slow, encoded or of another kind."""

import asyncio

import pytest

from rse.config import settings, use
from rse.federation.core import jcs
from tests.federation.conftest import Unchanged
from tests.federation.peer import Peer


async def test_h32_a_large_body_is_refused_by_its_header(peer: Peer, unchanged: Unchanged) -> None:
    reply = await raw(peer, "Content-Length: 1073741824", b"")
    assert reply.startswith(b"HTTP/1.1 413")
    reply = await raw(peer, "Content-Length: -5", b"")
    assert reply.startswith(b"HTTP/1.1 4")
    await unchanged()


async def test_h32_a_large_body_without_a_length_is_refused_while_it_comes(
    peer: Peer, unchanged: Unchanged
) -> None:
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    signed = peer.headers("POST", "/fed/inbox", b"x")
    lines = "\r\n".join(f"{k}: {v}" for k, v in signed.items() if k != "content-type")
    reply = await raw(peer, f"Transfer-Encoding: chunked\r\n{lines}", chunk * 20)
    assert reply.startswith(b"HTTP/1.1 413")
    await unchanged()


@pytest.mark.parametrize(
    ("header", "value"),
    [("content-encoding", "gzip"), ("content-encoding", "br"), ("content-type", "text/html"),
     ("content-type", "application/json"), ("content-type", "multipart/form-data")],
)  # fmt: skip
async def test_h32_another_encoding_or_type_is_refused_before_anything_is_read(
    peer: Peer, unchanged: Unchanged, header: str, value: str
) -> None:
    body = jcs.canonical(peer.create())
    headers = peer.headers("POST", "/fed/inbox", body) | {header: value}
    reply = await peer.send("POST", "/fed/inbox", body, headers)
    assert reply.status == 415
    await unchanged()


async def test_h32_a_body_that_drips_is_given_up(
    peer: Peer, unchanged: Unchanged, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = settings().federation.model_copy(update={"body_seconds": 0.2})
    before = settings()
    use(before.model_copy(update={"federation": quick}))
    try:
        signed = peer.headers("POST", "/fed/inbox", b"x" * 100)
        lines = "\r\n".join(f"{k}: {v}" for k, v in signed.items() if k != "content-type")
        reply = await raw(peer, f"Content-Length: 100\r\n{lines}", b"x")
        assert reply.startswith(b"HTTP/1.1 408")
    finally:
        use(before)
    await unchanged()


async def raw(peer: Peer, headers: str, body: bytes) -> bytes:
    """One request written by hand; the beginning of the answer."""
    host, _, port = peer.address.removeprefix("http://").rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    first = "POST /fed/inbox HTTP/1.1\r\nHost: x\r\nContent-Type: application/activity+json"
    writer.write(f"{first}\r\n{headers}\r\n\r\n".encode())
    try:
        writer.write(body)
        await writer.drain()
        return await asyncio.wait_for(reader.read(200), 5)
    finally:
        writer.close()
