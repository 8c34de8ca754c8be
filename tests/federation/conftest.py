"""The instance under test on a real socket, a partner with a shared space, and what changed."""

import asyncio
import hashlib
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from hypercorn.asyncio import serve
from hypercorn.config import Config
from quart import Quart
from tortoise import Tortoise
from tortoise.connection import get_connection

from rse.config import Settings
from rse.federation.io import keyring
from rse.federation.io.models import Partner, Share
from rse.federation.names import object_uri
from rse.identity import people
from rse.identity.models import Organisation, Person
from rse.identity.people import Card
from rse.kernel.http import Answer, Client
from rse.kernel.jobs import drain
from rse.spaces import actions as spaces
from rse.spaces.models import Space
from tests import make
from tests.federation.listener import Listener
from tests.federation.peer import Peer

# How fast things go is tested elsewhere: here only that they happen, on a machine with other work.
PATIENCE_SECONDS = 90
MAY_CHANGE = {"fed_audit", "fed_audit_head", "lease"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def address(app: Quart) -> AsyncIterator[str]:
    """Where the instance listens; it calls itself by its public address."""
    stopping = asyncio.Event()
    config = Config()
    config.bind = [f"127.0.0.1:{free_port()}"]
    config.accesslog = config.errorlog = None
    config.graceful_timeout = 0.2

    async def without_lifespan(scope: Any, receive: Any, send: Any) -> None:
        # The fixture `app` has opened the instance already.
        if scope["type"] != "lifespan":
            await app(scope, receive, send)
            return
        for kind in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{kind}.complete"})

    server = asyncio.create_task(serve(without_lifespan, config, shutdown_trigger=stopping.wait))
    host, _, port = config.bind[0].rpartition(":")
    await _listening(host, int(port))
    yield f"http://{config.bind[0]}"
    stopping.set()
    await server


async def _listening(host: str, port: int) -> None:
    patience = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < patience:
        try:
            _reader, writer = await asyncio.open_connection(host, port)
        except OSError:
            await asyncio.sleep(0.02)
            continue
        writer.close()
        await writer.wait_closed()
        return
    raise TimeoutError("the server does not listen")


@pytest.fixture(autouse=True)
def fresh_keyring() -> None:
    """Each test has empty tables, so it has a new root key."""
    keyring.forget()


async def befriend(peer: Peer, name: str = "Brumelis") -> Partner:
    """Make the peer an active partner, as a finished handshake would."""
    host = peer.origin.partition("://")[2]
    company = await Organisation.create(name=name, host=host, hue=38)
    return await Partner.create(
        organisation=company, origin=peer.origin, name=name, state="active",
        public_key=peer.multikey, inbox=f"{peer.origin}/fed/inbox",
        stream=f"{peer.origin}/fed/stream", invited_by_us=True, partnership="p1",
    )  # fmt: skip


async def shared_space(peer: Peer, partner: Partner, name: str = "Joint project") -> Space:
    """A space of ours that the peer's company reads and writes."""
    space = await make.space(await make.person(), name)
    peer.group = object_uri("spaces", space.id)
    await Share.create(
        partner=partner, hosted_by_us=True, space_id=space.id, group_uri=peer.group,
        group_name=name, invite_uri=f"{peer.target}/fed/activities/{space.id}", state="active",
    )  # fmt: skip
    for short in ("rui", "ana"):
        card = peer.person(short)
        member = await people.ensure_remote(
            int(partner.organisation_id or 0), card["id"], short,
            Card(display_name=card["name"], title=card["jobTitle"]),
        )  # fmt: skip
        await spaces.admit(space.id, member.id)
    await drain()
    return space


@pytest.fixture
def stranger(address: str, settings: Settings) -> Peer:
    """An instance nobody knows."""
    return Peer(address, settings.origin, origin="https://stranger.example")


@pytest_asyncio.fixture(loop_scope="session")
async def peer(address: str, settings: Settings, fresh: None) -> Peer:
    """The instance of an active partner, with one space of ours shared with it."""
    made = Peer(address, settings.origin)
    partner = await befriend(made)
    await shared_space(made, partner)
    return made


@pytest_asyncio.fixture(loop_scope="session")
async def partner(peer: Peer) -> Partner:
    return await Partner.get(origin=peer.origin)


@pytest_asyncio.fixture(loop_scope="session")
async def colleague(peer: Peer) -> Person:
    """Somebody of ours."""
    return await Person.filter(uri__isnull=True).order_by("id").get()


@pytest_asyncio.fixture(loop_scope="session")
async def listener(address: str, settings: Settings, fresh: None) -> AsyncIterator[Listener]:
    """An active partner with a space of ours, listening."""
    port = free_port()
    listening = Listener(Peer(address, settings.origin, origin=f"http://127.0.0.1:{port}"))
    app = web.Application(client_max_size=1 << 24)
    app.router.add_post("/fed/stream", listening.push)
    app.router.add_get("/fed/stream", listening.pull)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await shared_space(listening.peer, await befriend(listening.peer))
    listening.key = (await keyring.root_key()).public_key()
    yield listening
    await runner.cleanup()


@pytest.fixture
def outbound(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every request the instance sends, by address."""
    sent: list[str] = []
    original = Client.request

    async def recorded(self: Client, method: str, url: str, **options: Any) -> Answer:
        sent.append(url)
        return await original(self, method, url, **options)

    monkeypatch.setattr(Client, "request", recorded)
    return sent


Unchanged = Callable[[], Awaitable[None]]


@pytest_asyncio.fixture(loop_scope="session")
async def unchanged(outbound: list[str], peer: Peer) -> Unchanged:
    """Call it after the hostile request: no row but audit, and nothing sent."""
    before = await snapshot()

    async def check() -> None:
        assert await changed_since(before) == set()
        assert outbound == []

    return check


async def changed_since(before: dict[str, str]) -> set[str]:
    """Tables that differ from a snapshot, without those a refusal may write to."""
    after = await snapshot()
    return {table for table in after if after[table] != before[table]} - MAY_CHANGE


async def snapshot() -> dict[str, str]:
    """A digest of every table's rows."""
    found: dict[str, str] = {}
    for model in Tortoise.apps["rse"].values():
        table = model._meta.db_table
        _count, rows = await get_connection("default").execute_query(
            f"SELECT * FROM {table} ORDER BY 1"
        )
        text = repr([tuple(row) for row in rows])
        found[table] = hashlib.sha256(text.encode()).hexdigest()
    return found
