"""feed-growth: each page must cost the same with ten thousand posts and with five million."""

import logging
import statistics
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from unittest.mock import patch

from quart import Quart

from bench import readers, world
from bench.frame import Bar, Prepare, Prepared, workload
from bench.world import World
from rse.federation.queries import partner_organisations
from rse.feed import queries
from rse.feed.cards import cards
from rse.identity.models import Person
from rse.kernel import reads
from rse.kernel.ids import to_public
from rse.kernel.pages import NEWEST

READERS = ("usual", "heavy", "quiet", "dead")
VIEWS = ("all", "activity", "followed", "unread", "partner", "announcements")
PAGES = ("space", "profile", "thread", "notifications", "badges")
# Where each reads a space, its first one; what they open belongs to what they see.
FIRST = {"usual": 1, "heavy": 1, "quiet": world.SPACES - world.DEAD - 5, "dead": world.SPACES - 5}
LOOKS, OPENED = 5, 2
# A page may cost so many times what it cost in the smaller world; the home feed less.
GROWN, HOME_GROWN = 1.5, 1.3
# Fetched in advance, a page does not count as read: the world stays as it is.
UNREAD = {"Sec-Purpose": "prefetch"}


async def _path(page: str, reader: str, made: World) -> str:
    if page == "partner":
        [company] = await partner_organisations()
        return f"/?view=partner&of={to_public(company.id)}"
    return {
        **{view: f"/?view={view}" for view in VIEWS},
        "activity": "/?view=all&sort=activity",
        "space": f"/spaces/{to_public(FIRST[reader])}",
        "profile": f"/people/{to_public(1)}",
        "thread": f"/posts/{to_public(readers.thread_of(made.posts))}",
        "notifications": "/notifications",
        "badges": "/notifications/count",
    }[page]


class _Queries(logging.Handler):
    """Counts what the ORM asks; the hand-written reads of PostgreSQL go through it, too."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += record.getMessage().lstrip().startswith(("SELECT", "WITH"))


@asynccontextmanager
async def _listening() -> AsyncGenerator[tuple[_Queries, list[float]]]:
    """How many queries a page asks, and how long it waits for the hand-written ones."""
    waited, usual = [0.0], reads._fetch  # noqa: SLF001 - the one place that all reads pass
    log = logging.getLogger("tortoise.db_client")
    heard, level = _Queries(), log.level

    async def timed(sql: str, values: Any) -> Any:
        start = time.perf_counter()
        try:
            return await usual(sql, values)
        finally:
            waited[0] += time.perf_counter() - start
            heard.count += not reads.is_postgres()

    log.addHandler(heard)
    log.setLevel(logging.DEBUG)
    log.propagate = False
    try:
        with patch.object(reads, "_fetch", timed):
            yield heard, waited
    finally:
        log.removeHandler(heard)
        log.setLevel(level)
        log.propagate = True


@dataclass(slots=True)
class _Opened:
    """The world that the workloads of one size look at in turns: it is left with the last."""

    app: Quart
    made: World
    stack: AsyncExitStack
    users: int = 0


_opened: list[_Opened] = []


async def _enter(posts: int) -> tuple[Quart, World]:
    if not _opened:
        stack = AsyncExitStack()
        settings, made = await stack.enter_async_context(world.filled(posts, readers.fill, "grown"))
        _opened.append(_Opened(world.application(settings), made, stack))
    _opened[0].users += 1
    return _opened[0].app, _opened[0].made


async def _leave() -> None:
    _opened[0].users -= 1
    if not _opened[0].users:
        await _opened.pop().stack.aclose()


Ask = Callable[[], Awaitable[object]]


async def _looked_at(ask: Ask) -> dict[str, int | float | str]:
    counts, times = 0, []
    await ask()
    for _ in range(LOOKS):
        async with _listening() as (heard, waited):
            await ask()
        counts = heard.count
        times.append(waited[0])
    return {"queries": counts, "reads_us": round(statistics.median(times) * 1e6)}


def _page(posts: int, page: str, reader: str) -> Prepare:
    async def prepare() -> Prepared:
        app, made = await _enter(posts)
        client = await world.browser(app, made.readers[reader])
        path = await _path(page, reader, made)

        async def ask() -> None:
            answer = await client.get(path, headers={"Host": "127.0.0.1", **UNREAD})
            assert answer.status_code == 200, f"{path}: {answer.status_code}"

        return Prepared(ask, rounds_of=OPENED, counts=await _looked_at(ask), close=_leave)

    prepare.__name__ = f"feed_growth_{posts}_{page}_{reader}"
    return prepare


def _feed(posts: int, reader: str) -> Prepare:
    async def prepare() -> Prepared:
        app, made = await _enter(posts)
        person = made.readers[reader]

        async def ask() -> None:
            await _cards(app, person)

        return Prepared(ask, rounds_of=20, counts=await _looked_at(ask), close=_leave)

    prepare.__name__ = f"feed_growth_{posts}_ids_{reader}"
    return prepare


async def _cards(app: Quart, person: Person) -> None:
    found = (await queries.home_page(person.id, NEWEST)).items
    await cards(person, found, app.jinja_env)


def _bars(smaller: int, name: str, most: float) -> tuple[Bar, ...]:
    """CPU of the page, and the time it waits for its reads: on PostgreSQL that is another's CPU."""
    if not smaller:
        return ()
    base = f"feed-growth-{smaller}-{name}"
    return Bar(base, most), Bar(base, most, count="reads_us")


for _smaller, _posts in pairwise([0, *world.SIZES]):
    for _reader in READERS:
        workload(
            f"ids and cards of the home page, {_posts:,} posts, {_reader} reader",
            *_bars(_smaller and world.SIZES[0], f"ids-{_reader}", HOME_GROWN),
            turns=f"feed-growth-{_posts}",
        )(_feed(_posts, _reader))
        for _name in VIEWS + PAGES:
            workload(
                f"{_name}, {_posts:,} posts, {_reader} reader",
                *_bars(_smaller and world.SIZES[0], f"{_name}-{_reader}", GROWN),
                turns=f"feed-growth-{_posts}",
            )(_page(_posts, _name, _reader))
