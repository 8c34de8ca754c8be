"""inbox: a partner's signed activity is accepted, durable before the answer; then it is applied."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import Any

from hypercorn.typing import ASGIFramework

from bench import world
from bench.frame import REPEATS, Prepared, workload
from rse.federation.core import jcs, stream
from rse.federation.io import apply
from rse.federation.io.models import FedIn
from rse.feed.models import Post
from rse.kernel import limits
from rse.kernel.jobs import drain
from rse.kernel.models import OutboxJob
from tests.federation.conftest import befriend, shared_space
from tests.federation.peer import Peer, chain_after

Request = tuple[str, bytes, dict[str, str]]
ROUND, PAGES, AT_ONCE = 60, 5, 16
HOST = (b"host", b"127.0.0.1:8800")


@workload("accept one signed post of a partner, durable before it is answered")
async def inbox_accept() -> Prepared:
    stack, app, peer = await _opened()
    requests = iter([_activity(peer) for _ in range(ROUND * (REPEATS + 1))])
    return Prepared(lambda: _ask(app, next(requests)), rounds_of=ROUND, close=stack.aclose)


@workload("the same for each of 16 that come at once")
async def inbox_accept_busy() -> Prepared:
    stack, app, peer = await _opened()
    requests = iter([_activity(peer) for _ in range(ROUND * (REPEATS + 1) * AT_ONCE)])

    async def ask() -> None:
        limits.memory.reset()  # so many a second are more than a partner may send
        await asyncio.gather(*(_ask(app, next(requests)) for _ in range(AT_ONCE)))

    def clock() -> float:
        return time.process_time() / AT_ONCE

    return Prepared(ask, rounds_of=ROUND, cpu_seconds=clock, close=stack.aclose)


@workload("accept a page of 64 signed posts of a partner")
async def inbox_accept_page() -> Prepared:
    stack, app, peer = await _opened()
    pages = _pages(peer)
    requests = iter([next(pages) for _ in range(PAGES * (REPEATS + 1))])
    return Prepared(lambda: _ask(app, next(requests)), rounds_of=PAGES, close=stack.aclose)


@workload("apply one accepted post")
async def inbox_apply() -> Prepared:
    stack, arrived = await _arrived()

    async def apply_next() -> None:
        assert await apply.apply_one(next(arrived))

    return Prepared(apply_next, rounds_of=ROUND, close=stack.aclose)


@workload("apply one accepted post and run all that follows: index, notices, signals")
async def inbox_apply_and_follow() -> Prepared:
    stack, arrived = await _arrived()

    async def apply_next() -> None:
        assert await apply.apply_one(next(arrived))
        await drain()

    await apply_next()
    assert await Post.all().count() == 1
    return Prepared(apply_next, rounds_of=ROUND, close=stack.aclose)


async def _opened() -> tuple[AsyncExitStack, ASGIFramework, Peer]:
    stack = AsyncExitStack()
    settings = await stack.enter_async_context(world.instance())
    app = world.application(settings)
    peer = Peer("", settings.origin)
    await shared_space(peer, await befriend(peer))
    await _ask(app, _activity(peer))
    await drain()
    assert await Post.all().count() == 1
    await Post.all().delete()
    return stack, app, peer


async def _arrived() -> tuple[AsyncExitStack, Iterator[int]]:
    """The rows of accepted posts that nothing has applied yet."""
    stack, app, peer = await _opened()
    for _ in range(ROUND * (REPEATS + 1)):
        await _ask(app, _activity(peer))
    await OutboxJob.all().delete()
    rows = await FedIn.filter(state="pending").order_by("id").values_list("id", flat=True)
    return stack, iter([int(str(number)) for number in rows])


def _activity(peer: Peer) -> Request:
    body = jcs.canonical(peer.create())
    return "/fed/inbox", body, peer.headers("POST", "/fed/inbox", body)


def _pages(peer: Peer) -> Iterator[Request]:
    after, chain = 0, stream.START
    while True:
        sent = [peer.create() for _number in range(stream.PAGE_ITEMS)]
        body = jcs.canonical(peer.page(sent, after=after, prev=chain))
        yield "/fed/stream", body, peer.headers("POST", "/fed/stream", body)
        after, chain = after + len(sent), chain_after(sent, chain)


async def _ask(app: ASGIFramework, request: Request) -> None:
    """One request to the real application, without a client's own cost."""
    path, body, headers = request
    length = (b"content-length", str(len(body)).encode())
    fields = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope: Any = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST",
        "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": b"",
        "root_path": "", "headers": [HOST, length, *fields], "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8800), "extensions": {},
    }  # fmt: skip
    parts: list[Any] = [{"type": "http.request", "body": body, "more_body": False}]
    sent: list[Any] = []

    async def receive() -> Any:
        return parts.pop() if parts else await asyncio.Future()  # the partner stays connected

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    assert sent[0]["status"] in {200, 202}, sent
