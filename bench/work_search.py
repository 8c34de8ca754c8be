"""search: the newest twenty and the best, by how common a word is and by who asks."""

import statistics
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

from tortoise.connection import get_connection

from bench import world
from bench.frame import Prepare, Prepared, workload
from bench.world import World
from rse.identity.models import Person
from rse.kernel import db
from rse.kernel.pages import LIMIT
from rse.search import engine, expansion, rights
from rse.search.asked import Asked
from rse.search.engine import RANKED_AMONG, Ask
from rse.search.index import audience_of
from rse.search.query import parse
from rse.search.results import search
from rse.search.words import plain, terms

POSTS = max(world.SIZES)
# One in so many posts has the word; the worst reader may read none of the many.
CLASSES = {"common": ("livret", 1), "frequent": ("vingtaine", 20), "rare": ("millesime", 1_500)}
QUERIES = {
    **{name: word for name, (word, _every) in CLASSES.items()},
    "prefix": "liv",
    "accents": "façade",
    "phrase": '"livret vingtaine"',
    "two": "vingtaine façade",
    "absent": "xylophone",
}
READERS = ("usual", "heavy", "quiet", "dead", "outside")
LOOKS = 200
CONTENT = ("post", "comment", "file")


async def fill(posts: int) -> World:
    """The world's posts and their index, its spaces closed to whoever is not in them."""
    made = await world.fill(posts)
    connection = get_connection("default")
    await connection.execute_query("UPDATE space SET access = 'request'")
    await world.insert("search_document", _documents(made.readers["usual"].organisation_id))
    known = sorted({*world.WORDS, *(word for word, _every in CLASSES.values())})
    await world.insert(
        "search_word",
        ({"id": n, "word": plain(word), "shown": word} for n, word in enumerate(known, 1)),
    )
    await connection.execute_script("ANALYZE")
    if db.dialect() == "sqlite":
        await connection.execute_query("INSERT INTO search_index(search_index) VALUES('optimize')")
    outside = await Person.create(
        organisation_id=made.readers["usual"].organisation_id,
        handle="outside", display_name="Outside Morvan", search_name="outside morvan",
    )  # fmt: skip
    return replace(made, readers={**made.readers, "outside": outside})


def _documents(company: int) -> Iterator[dict[str, Any]]:
    for number, post in enumerate(world.posts_of(POSTS)):
        extra = [word for word, every in CLASSES.values() if number % every == 0]
        yield {
            "id": post["id"], "kind": "post", "space_id": post["space_id"],
            "author_id": post["author_id"], "title_words": "",
            "body_words": " ".join(terms(f"{post['source']} {' '.join(extra)}")),
            "audience": audience_of("post", post["space_id"], post["author_id"], company),
        }  # fmt: skip


def _matching(reader: str, *, scored: bool) -> Prepare:
    async def prepare() -> Prepared:
        stack = AsyncExitStack()
        _settings, made = await stack.enter_async_context(world.filled(POSTS, fill, "search"))
        person = made.readers[reader]
        limit = RANKED_AMONG if scored else LIMIT
        asks = {
            name: Ask(query=parse(text), kinds=CONTENT, limit=limit, scored=scored)
            for name, text in QUERIES.items()
        }

        async def look() -> None:
            for ask in asks.values():
                await _look(person, ask)

        counts: dict[str, int | float | str] = {"posts": POSTS}
        for name, ask in asks.items():
            counts[f"{name}_us"], counts[f"{name}_p99_us"] = await _each(person, ask)
        return Prepared(look, rounds_of=5, counts=counts, close=stack.aclose)

    prepare.__name__ = f"search_{'ranked' if scored else 'newest'}_{reader}"
    return prepare


async def _look(person: Person, ask: Ask) -> None:
    query = await expansion.expanded(ask.query)
    await engine.matches(await rights.scope_of(person), replace(ask, query=query))


async def _each(person: Person, ask: Ask) -> tuple[int, int]:
    """Microseconds of one class of word: the middle, and what one look in a hundred passes.

    On SQLite the CPU of all of it; PostgreSQL's own CPU is another process's, so there it is the
    time that passed.
    """
    clock = time.process_time if db.dialect() == "sqlite" else time.perf_counter
    took = []
    for _round in range(LOOKS):
        start = clock()
        await _look(person, ask)
        took.append(clock() - start)
    return round(statistics.median(took) * 1e6), round(sorted(took)[LOOKS * 99 // 100] * 1e6)


for _reader in READERS:
    workload(f"the newest matches of all classes of words, {_reader} reader")(
        _matching(_reader, scored=False)
    )
    workload(f"the best of the newest matches of all classes of words, {_reader} reader")(
        _matching(_reader, scored=True)
    )


@workload("a first page of results: all kinds, facets and highlights")
async def search_page() -> Prepared:
    stack = AsyncExitStack()
    _settings, made = await stack.enter_async_context(world.filled(POSTS, fill, "search"))
    person = made.readers["usual"]

    async def page() -> None:
        await search(person, Asked(text="livret vingtaine"))

    return Prepared(page, rounds_of=20, counts={"posts": POSTS}, close=stack.aclose)
