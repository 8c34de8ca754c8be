"""The instance on a real port of its own, and pages that listen over real sockets."""

import asyncio
import socket
from collections.abc import AsyncIterator

import aiohttp
import pytest_asyncio
from hypercorn.asyncio import serve
from hypercorn.config import Config
from quart import Quart

from rse.realtime.topics import Topic, topics
from tests.realtime.page import Room, Site


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def port(app: Quart) -> AsyncIterator[int]:
    """Hypercorn in this process; the application itself is started by the fixture `app`."""
    listening = socket.create_server(("127.0.0.1", 0))
    number: int = listening.getsockname()[1]
    config = Config()
    config.bind = [f"fd://{listening.detach()}"]
    config.graceful_timeout = 0.2
    config.accesslog = config.errorlog = None
    ending = asyncio.Event()
    serving = asyncio.create_task(
        serve(_without_lifespan(app), config, shutdown_trigger=ending.wait)  # type: ignore[arg-type]
    )
    yield number
    ending.set()
    await serving


def _without_lifespan(app: Quart) -> object:
    async def asgi(scope: dict[str, object], receive: object, send: object) -> None:
        if scope["type"] != "lifespan":
            await app(scope, receive, send)  # type: ignore[arg-type]
            return
        for reply in ("lifespan.startup.complete", "lifespan.shutdown.complete"):
            await receive()  # type: ignore[operator]
            await send({"type": reply})  # type: ignore[operator]

    return asgi


@pytest_asyncio.fixture(loop_scope="session")
async def site(app: Quart, port: int) -> AsyncIterator[Site]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield Site(session, port)


@pytest_asyncio.fixture(loop_scope="session")
async def room(app: Quart) -> AsyncIterator[Room]:
    """A topic whose rule is a list of people."""
    made = Room()
    topics["room"] = Topic("room", made.may_listen)
    yield made
    del topics["room"]
