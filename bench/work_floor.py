"""stack-floor: what a request costs before the product does anything, and what ours adds."""

from contextlib import AsyncExitStack

from quart import Quart

from bench import world
from bench.frame import Prepared, workload
from rse.web.csrf import csrf_exempt


async def _hello() -> str:
    return "hello"


@workload("an empty answer of bare Quart")
async def stack_floor_bare() -> Prepared:
    app = Quart("floor")
    app.add_url_rule("/hello", view_func=_hello)
    client = app.test_client()

    async def ask() -> None:
        await (await client.get("/hello")).get_data()

    return Prepared(ask, rounds_of=300)


@workload("the same through sessions, language, form protection and headers, nobody signed in")
async def stack_floor_ours() -> Prepared:
    return await _ours("/hello", signed_in=False)


@workload("the same for somebody who is signed in")
async def stack_floor_signed_in() -> Prepared:
    return await _ours("/hello", signed_in=True)


@workload("the whole home page, as it is sent")
async def page_home() -> Prepared:
    return await _ours("/", signed_in=True)


@workload("the list of notices, as it is sent")
async def page_notifications() -> Prepared:
    return await _ours("/notifications", signed_in=True)


async def _ours(path: str, *, signed_in: bool) -> Prepared:
    stack = AsyncExitStack()
    settings, made = await stack.enter_async_context(world.filled(10_000))
    app = world.application(settings)
    app.add_url_rule("/hello", view_func=csrf_exempt(_hello))
    client = await world.browser(app, made.readers["usual"]) if signed_in else app.test_client()
    first = await client.get(path, headers={"Host": "127.0.0.1"})
    body = await first.get_data()
    assert first.status_code == 200, first.status_code

    async def ask() -> None:
        await (await client.get(path, headers={"Host": "127.0.0.1"})).get_data()

    counts: dict[str, int | float | str] = {"bytes": len(body)}
    return Prepared(ask, rounds_of=100, counts=counts, close=stack.aclose)
