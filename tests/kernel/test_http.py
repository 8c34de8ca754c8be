"""The way out: only to addresses that are public or were allowed, whole answers, no redirects."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio
from aiohttp import web

from rse.kernel.http import AddressRefused, Client, Guard, NoAnswer

PRIVATE = [
    "http://127.0.0.1/", "http://127.1/", "http://0x7f.1/", "http://2130706433/", "http://0.0.0.0/",
    "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/", "http://100.64.0.1/", "http://169.254.169.254/latest/meta-data/",
    "http://[fe80::1]/", "http://[fd00::1]/", "http://224.0.0.1/", "http://10.0.0.1/",
    "http://172.16.0.1/", "http://192.168.1.1/", "http://localhost/", "http://192.88.99.1/",
]  # fmt: skip


@pytest_asyncio.fixture(loop_scope="session")
async def guarded() -> AsyncIterator[Client]:
    client = Client()
    yield client
    await client.close()


@pytest_asyncio.fixture(loop_scope="session")
async def opened() -> AsyncIterator[Client]:
    client = Client(["127.0.0.0/8"])
    yield client
    await client.close()


Serve = Callable[[Callable[[web.Request], Awaitable[web.StreamResponse]]], Awaitable[str]]


@pytest_asyncio.fixture(loop_scope="session")
async def serve() -> AsyncIterator[Serve]:
    runners: list[web.AppRunner] = []

    async def start(answer: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> str:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", answer)
        runner = web.AppRunner(app)
        await runner.setup()
        runners.append(runner)
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}"

    yield start
    for runner in runners:
        await runner.cleanup()


@pytest.mark.parametrize("url", PRIVATE)
async def test_a_private_address_is_refused_in_every_spelling(url: str, guarded: Client) -> None:
    with pytest.raises((AddressRefused, NoAnswer)):
        await guarded.request("GET", url, timeout_seconds=2)


async def test_nothing_is_sent_to_a_refused_address(guarded: Client, serve: Serve) -> None:
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(text="inside")

    address = await serve(answer)
    with pytest.raises(AddressRefused):
        await guarded.request("GET", address)
    assert asked == []


async def test_one_private_answer_among_public_ones_refuses_the_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def answers(*_arguments: object, **_options: object) -> list[tuple[object, ...]]:
        return [(2, 1, 6, "", ("93.184.216.34", 80)), (2, 1, 6, "", ("10.0.0.7", 80))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", answers, raising=False)
    with pytest.raises(AddressRefused):
        await Guard().resolve("mixed.example", 80)


async def test_an_allowed_network_is_open_and_no_other(opened: Client, serve: Serve) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text="bonjour", headers={"X-Some": "Thing"})

    got = await opened.request("GET", await serve(answer))
    assert (got.status, got.body, got.headers["x-some"]) == (200, b"bonjour", "Thing")
    with pytest.raises(AddressRefused):
        await opened.request("GET", "http://10.0.0.1/", timeout_seconds=2)


async def test_a_redirect_is_an_answer_and_not_followed(opened: Client, serve: Serve) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "http://169.254.169.254/"})

    got = await opened.request("GET", await serve(answer))
    assert got.status == 302


async def test_an_answer_that_never_ends_is_cut(opened: Client, serve: Serve) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x" * 65_536)

    with pytest.raises(NoAnswer, match="over"):
        await opened.request("GET", await serve(answer), max_bytes=200_000)


async def test_a_server_that_says_nothing_is_given_up(opened: Client, serve: Serve) -> None:
    async def answer(_request: web.Request) -> web.Response:
        await asyncio.sleep(1.5)
        return web.Response()

    with pytest.raises(NoAnswer):
        await opened.request("GET", await serve(answer), timeout_seconds=0.2)


async def test_no_cookie_of_one_answer_goes_with_the_next(opened: Client, serve: Serve) -> None:
    sent: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        sent.append(request.headers.get("Cookie", ""))
        return web.Response(headers={"Set-Cookie": "a=b"})

    address = await serve(answer)
    for _again in range(2):
        await opened.request("GET", address)
    assert sent == ["", ""]
