"""Joining by a pasted link: what is fetched, from where, and what is never connected to."""

import asyncio
import base64
import json
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web

from rse.config import Settings
from rse.federation import admin
from rse.federation.core import jcs, keys
from rse.federation.core.invite import Invite
from rse.federation.io.models import Partner
from rse.identity.models import Person
from rse.kernel.errors import Invalid, NotAllowed, RseError
from tests import make
from tests.federation.conftest import changed_since, free_port, snapshot
from tests.federation.peer import Peer


@pytest_asyncio.fixture(loop_scope="session")
async def boss(address: str, fresh: None) -> Person:
    """Our administrator."""
    return (await make.account("Nadia Ferrand", admin=True)).person


@pytest.fixture
def joiner(address: str, settings: Settings) -> Peer:
    return Peer(address, settings.origin)


@asynccontextmanager
async def serving(document: Any, *, status: int = 200) -> AsyncIterator[tuple[str, list[str]]]:
    """Somebody else's server whose instance actor is `document(origin)`."""
    asked: list[str] = []
    port = free_port()
    origin = f"http://127.0.0.1:{port}"

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=status, body=jcs.canonical(document(origin)))

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield origin, asked
    finally:
        await runner.cleanup()


def link_of(origin: str, fingerprint: str, *, expires: float | None = None) -> str:
    later = int(time.time() + 1000 if expires is None else expires)
    return Invite(origin, "p9", bytes(32), fingerprint, later).link()


async def test_h42_an_altered_fingerprint_stops_before_anything_is_sent(
    boss: Person, joiner: Peer
) -> None:
    def actor(origin: str) -> dict[str, Any]:
        return Peer("", "", origin=origin, key=joiner.key).application()

    async with serving(actor) as (origin, asked):
        before = await snapshot()
        with pytest.raises(NotAllowed):
            await admin.accept_invite(link_of(origin, "ab" * 32), boss.id)
        assert asked == ["/fed/actor"]
        assert await changed_since(before) == set()


@pytest.mark.parametrize(
    "changes",
    [
        {"inbox": "https://victim.example/fed/inbox"},
        {"stream": "https://victim.example/fed/stream"},
        {"id": "https://victim.example/fed/actor"},
        {"type": "Person"},
        {"assertionMethod": []},
        {"@context": "https://evil.example"},
    ],
)
async def test_h5_h36_an_actor_that_speaks_of_other_origins_is_not_stored(
    boss: Person, joiner: Peer, changes: dict[str, Any]
) -> None:
    def actor(origin: str) -> dict[str, Any]:
        return Peer("", "", origin=origin, key=joiner.key).application(**changes)

    async with serving(actor) as (origin, asked):
        fingerprint = keys.fingerprint(joiner.key.public_key())
        before = await snapshot()
        with pytest.raises(Invalid):
            await admin.accept_invite(link_of(origin, fingerprint), boss.id)
        assert asked == ["/fed/actor"]
        assert await changed_since(before) == set()


async def test_h35_a_redirect_is_not_followed(boss: Person, joiner: Peer) -> None:
    async with serving(lambda _origin: {}, status=302) as (origin, asked):
        with pytest.raises(Invalid):
            await admin.accept_invite(link_of(origin, "ab" * 32), boss.id)
        assert asked == ["/fed/actor"]


@pytest.mark.parametrize(
    "origin",
    ["http://127.1:80", "http://2130706433", "http://0x7f.1", "https://169.254.169.254", "https://[::1]",
     "https://10.0.0.1", "http://example.com", "https://user@a.example", "ftp://a.example", "https://A.example"],
)  # fmt: skip
async def test_h33_a_link_to_an_odd_address_is_refused_before_any_request(
    boss: Person, outbound: list[str], origin: str
) -> None:
    with pytest.raises(Invalid):
        await admin.accept_invite(link_of(origin, "ab" * 32), boss.id)
    assert outbound == []
    assert await Partner.all().count() == 0


@pytest.mark.parametrize(
    "name", ["metadata.internal.example", "cgnat.internal.example", "nat64.internal.example"]
)
async def test_h33_a_name_that_leads_to_a_private_address_is_never_connected_to(
    boss: Person, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    addresses = {"metadata": "169.254.169.254", "cgnat": "100.64.0.1", "nat64": "64:ff9b::7f00:1"}
    loop = asyncio.get_running_loop()
    connected: list[Any] = []

    async def resolves(host: str, port: int, **_options: Any) -> list[Any]:
        address = addresses[host.partition(".")[0]]
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (address, port))]

    async def connects(*arguments: Any, **_options: Any) -> Any:
        connected.append(arguments)
        raise OSError("no")

    monkeypatch.setattr(loop, "getaddrinfo", resolves)
    monkeypatch.setattr(loop, "sock_connect", connects)
    monkeypatch.setattr(loop, "create_connection", connects)
    with pytest.raises(RseError):
        await admin.accept_invite(link_of(f"https://{name}", "ab" * 32), boss.id)
    assert connected == []
    assert await Partner.all().count() == 0


async def test_a_link_that_is_ours_old_or_nonsense_is_refused(
    boss: Person, joiner: Peer, outbound: list[str]
) -> None:
    ours = await admin.create_invite(boss.id)
    fragment = base64.urlsafe_b64encode(json.dumps({"origin": "x"}).encode()).decode()
    for link in (
        ours,
        link_of("https://brumelis.example", "ab" * 32, expires=time.time() - 1),
        "https://brumelis.example/federation/join",
        f"https://brumelis.example/federation/join#{fragment}",
        "hello",
    ):
        with pytest.raises(Invalid):
            await admin.accept_invite(link, boss.id)
    assert outbound == []
