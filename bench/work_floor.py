"""The stack's floor: what a request costs before the product does anything."""

from quart import Quart

from bench.frame import Prepared, workload


@workload("an empty answer through Quart's own test client")
async def stack_floor() -> Prepared:
    app = Quart("floor")

    @app.get("/")
    async def hello() -> str:
        return "hello"

    client = app.test_client()

    async def ask() -> None:
        response = await client.get("/")
        await response.get_data()

    return Prepared(ask, rounds_of=200)
