"""The pages' reads: as many for a full page as for an empty one, and along an index."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

import pytest
from tortoise.connection import get_connection

from rse.feed import queries
from rse.identity.models import Account
from rse.kernel import db, reads
from rse.kernel.db import transaction
from rse.kernel.ids import to_public
from rse.spaces import actions as spaces
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")
# What a page may ask of the database, whatever stands on it.
# For features above: what the reader keeps, at home which announcements wait, in a space its pins
# (their list, and the cards that have one).
MOST = {"home": 16, "space": 19, "post": 18, "notifications": 7}


class Line(NamedTuple):
    """A line of PostgreSQL's plan."""

    text: str


class Asked(NamedTuple):
    """What was asked of the database, by hand-written read and by the ORM."""

    texts: list[str]

    def __int__(self) -> int:
        return len(self.texts)


class _Listener(logging.Handler):
    def __init__(self, texts: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self.texts = texts

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if message.startswith(("SELECT", "UPDATE", "INSERT", "DELETE", "\nSELECT")):
            self.texts.append(message)


@asynccontextmanager
async def asked() -> AsyncIterator[Asked]:
    found = Asked([])
    log = logging.getLogger("tortoise.db_client")
    listener, level = _Listener(found.texts), log.level
    token = reads.counter.set(found.texts if db.dialect() == "sqlite" else None)
    log.addHandler(listener)
    log.setLevel(logging.DEBUG)
    try:
        yield found
    finally:
        log.removeHandler(listener)
        log.setLevel(level)
        reads.counter.reset(token)


async def world(posts: int, spaces_count: int) -> tuple[Account, int, int]:
    """A reader in some spaces with some posts; a space and a post to open."""
    account = await make.account()
    places = [await make.space(name=f"Espace {n}") for n in range(spaces_count)]
    author = await make.person()
    for place in places:
        await spaces.admit(place.id, account.person_id)
        await spaces.admit(place.id, author.id)
    made = [await make.post(author, places[n % spaces_count]) for n in range(posts)]
    for n in range(min(posts, 5)):
        await make.comment(made[-1], author, f"Un {n}")
    return account, places[0].id, made[-1].id


@pytest.mark.parametrize("page", sorted(MOST))
async def test_a_full_page_asks_no_more_than_a_nearly_empty_one(
    page: str, browser: Browser
) -> None:
    counts = []
    for posts, places in ((2, 2), (30, 12)):
        account, space_id, post_id = await world(posts, places)
        await browser.sign_in(account)
        path = {
            "home": "/", "space": f"/spaces/{to_public(space_id)}",
            "post": f"/posts/{to_public(post_id)}", "notifications": "/notifications",
        }[page]  # fmt: skip
        await browser.text(path)
        async with asked() as found:
            await browser.text(path)
        counts.append(int(found))
    assert counts[0] == counts[1]
    assert 0 < counts[1] <= MOST[page]


async def plan(sql: str, *values: object) -> str:
    if db.dialect() == "postgres":
        filled = sql.replace("$4", "20").replace("$3", "20").replace("$2", "9").replace("$1", "1")
        # Small tables are read whole whatever the index; the question is whether one can be used.
        # The transaction keeps both statements on one connection of the pool.
        async with transaction():
            await reads.rows(Line, "SELECT set_config('enable_seqscan', 'off', true)")
            return "\n".join(line.text for line in await reads.rows(Line, f"EXPLAIN {filled}"))
    connection = get_connection("default")
    _, rows = await connection.execute_query(f"EXPLAIN QUERY PLAN {sql}", list(values))
    return "\n".join(" ".join(map(str, dict(row).values())) for row in rows)


async def test_the_home_feed_is_merged_from_its_streams_along_their_index() -> None:
    await world(5, 3)
    if db.dialect() == "postgres":
        text = await plan(queries.HOME_POSTGRES)
        assert "Seq Scan on stream_item" not in text
        return
    text = await plan(queries.HOME_SQLITE, 1, 9, 21)
    assert "SEARCH stream_item USING COVERING INDEX" in text
    assert "(stream_id=? AND post_id<?)" in text


async def test_a_space_is_read_along_its_index() -> None:
    await world(5, 3)
    if db.dialect() == "sqlite":
        text = await plan(queries.SPACE, 1, 9, 21)
        assert "(stream_id=? AND post_id<?)" in text
        assert "TEMP B-TREE" not in text
