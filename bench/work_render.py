"""micro-render: what the cards of a page cost, from rows and from those that are kept."""

from contextlib import AsyncExitStack

from bench import world
from bench.frame import Prepared, workload
from rse.feed import queries
from rse.feed.cards import cards
from rse.web.pieces import pieces


@workload("twenty cards from rows, nothing kept")
async def micro_render_cold() -> Prepared:
    return await _render(keep=False)


@workload("twenty cards from rows, cards kept")
async def micro_render_kept() -> Prepared:
    return await _render(keep=True)


async def _render(*, keep: bool) -> Prepared:
    stack = AsyncExitStack()
    settings, made = await stack.enter_async_context(world.filled(1000))
    app = world.application(settings)
    template = app.jinja_env.get_template("feed/_list.html")
    person = made.readers["usual"]
    ids = (await queries.home_page(person.id)).items

    async def render() -> None:
        if not keep:
            pieces.clear()
        async with app.test_request_context("/"):
            found = await cards(person, ids, app.jinja_env)
            template.render(cards=found, next_url="", line_id=0)

    return Prepared(render, rounds_of=30, counts={"cards": len(ids)}, close=stack.aclose)
