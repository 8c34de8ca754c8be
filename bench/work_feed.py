"""feed-growth: the home page must cost the same with ten thousand posts and with a million."""

from contextlib import AsyncExitStack

from bench import world
from bench.frame import Prepare, Prepared, workload
from rse.feed import queries
from rse.feed.cards import cards
from rse.kernel import reads
from rse.kernel.pages import NEWEST
from rse.web.pieces import pieces

READERS = ("usual", "heavy", "quiet", "dead")


def _feed(posts: int, reader: str) -> Prepare:
    async def prepare() -> Prepared:
        stack = AsyncExitStack()
        settings, made = await stack.enter_async_context(world.filled(posts))
        app = world.application(settings)
        person = made.readers[reader]
        counted: list[str] = []
        token = reads.counter.set(counted)
        found = (await queries.home_page(person.id)).items
        await cards(person, found, app.jinja_env)
        reads.counter.reset(token)

        async def page() -> None:
            ids = (await queries.home_page(person.id, NEWEST)).items
            await cards(person, ids, app.jinja_env)

        counts: dict[str, int | float | str] = {"reads": len(counted), "posts": len(found)}
        return Prepared(page, rounds_of=100, counts=counts, close=stack.aclose)

    prepare.__name__ = f"feed_growth_{posts}_{reader}"
    return prepare


for _posts in world.SIZES:
    for _reader in READERS:
        workload(f"ids and cards of the home page, {_posts:,} posts, {_reader} reader")(
            _feed(_posts, _reader)
        )


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
