"""The pages' reads: as many for a full page as for an empty one, and along an index."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import pytest
from tortoise.connection import get_connection

from rse.feed import queries
from rse.feed.streams import Wish
from rse.identity.models import Account
from rse.kernel import db, jobs, reads
from rse.kernel.db import transaction
from rse.kernel.ids import to_public
from rse.spaces import actions as spaces
from tests import make
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")
# What a page may ask of the database, whatever stands on it.
# For features above: what the reader keeps, at home which announcements wait, in a space its pins
# (their list, and the cards that have one). At home and in a space: how the reader likes to read,
# and what they muted. A thread: its first comments, then the answers to them.
MOST = {"home": 18, "space": 20, "post": 20, "notifications": 7}


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


async def plans(asking: Callable[[], Awaitable[object]]) -> str:
    """How the database reads what is asked of the streams meanwhile."""
    texts: list[tuple[str, tuple[object, ...]]] = []
    usual = reads.rows

    async def listening(kind: Callable[..., Any], sql: str, *values: object) -> list[Any]:
        if "stream_item" in sql:
            texts.append((sql, values))
        return await usual(kind, sql, *values)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("rse.feed.streams.rows", listening)
        await asking()
    assert texts
    return "\n".join([await _plan(sql, values) for sql, values in texts])


async def _plan(sql: str, values: tuple[object, ...]) -> str:
    if db.dialect() == "postgres":
        # Small tables are read whole whatever the index; the question is whether one can be used.
        # The transaction keeps both statements on one connection of the pool.
        async with transaction():
            await reads.rows(Line, "SELECT set_config('enable_seqscan', 'off', true)")
            found = await reads.rows(Line, f"EXPLAIN {sql}", *values)
            return "\n".join(line.text for line in found)
    connection = get_connection("default")
    _, lines = await connection.execute_query(f"EXPLAIN QUERY PLAN {sql}", list(values))
    return "\n".join(" ".join(map(str, dict(line).values())) for line in lines)


ALONG = {
    "all": (Wish(), "(stream_id=? AND post_id<?)"),
    "all by activity": (Wish(sort="activity"), "(stream_id=? AND activity_id<?)"),
    "company": (Wish(view="company"), "(stream_id=? AND post_id<?)"),
    "partner": (Wish(view="partner", scope_id=7), "(stream_id=? AND post_id<?)"),
    "followed": (Wish(view="followed"), "(author_id=? AND post_id<?)"),
    "followed by activity": (
        Wish(view="followed", sort="activity"),
        "(author_id=? AND activity_id<?)",
    ),
    "announcements": (Wish(view="announcements"), "(stream_id=? AND kind=? AND post_id<?)"),
    "unread": (Wish(view="unread"), "(stream_id=? AND post_id>? AND post_id<?)"),
    "author": (Wish(author_id=7), "(author_id=? AND post_id<?)"),
    "space": (Wish(view="space", scope_id=7), "(stream_id=? AND post_id<?)"),
    "space by activity": (
        Wish(view="space", scope_id=7, sort="activity"),
        "(stream_id=? AND activity_id<?)",
    ),
}


async def test_unseen_posts_are_counted_along_the_streams() -> None:
    account, _space_id, _post_id = await world(5, 3)
    text = await plans(lambda: queries.unread_count(account.person_id))
    assert "Seq Scan on stream_item" not in text
    assert "SCAN stream_item" not in text


@pytest.mark.parametrize("name", sorted(ALONG))
async def test_each_view_is_read_along_an_index_of_its_own(name: str) -> None:
    account, _space_id, _post_id = await world(5, 3)
    wish, condition = ALONG[name]
    text = await plans(lambda: queries.home_page(account.person_id, wish=wish))
    if db.dialect() == "postgres":
        assert "Seq Scan on stream_item" not in text
        assert "Index" in text
    else:
        assert condition in text
        assert "SCAN stream_item" not in text


async def test_a_list_of_notices_is_read_at_once_however_long(browser: Browser) -> None:
    counts = []
    for length in (2, 15):
        account = await make.account()
        author = await make.person()
        for n in range(length):
            space = await make.space(author)
            await spaces.admit(space.id, account.person_id)
            post = await make.post(author, space, f"Something new, number {n}")
            await make.comment(post, account.person, "Good")
            await make.comment(post, author, f"@{account.person.handle} thank you")
        await jobs.drain()
        await browser.sign_in(account)
        assert "number 1" in await browser.text("/notifications?show=all")
        async with asked() as found:
            await browser.text("/notifications")
        counts.append(int(found))
    assert counts[0] == counts[1]
    assert counts[1] <= 18
