"""No page reads a table that grows with the posts from end to end."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from tortoise.connection import get_connection

from rse.kernel import db, reads
from rse.kernel.ids import to_public
from tests.feed.test_reads import Line, asked, world
from tests.web_client import Browser

pytestmark = pytest.mark.usefixtures("app")
GROWING = ("post", "comment", "stream_item", "notification", "reaction", "stored_file", "bookmark")
Text = tuple[str, Sequence[object]]
# What a page may ask, whatever stands on it; home, space, post and notices: see test_reads.
PAGES = {
    "/?view=all&sort=activity": 18,
    "/?view=followed": 18,
    "/?view=company": 18,
    "/?view=announcements": 18,
    "/?view=unread": 18,
    "/spaces/{space}": 20,
    "/posts/{post}": 20,
    "/people/{author}": 12,
    "/people/{author}?tab=activity": 16,
    "/notifications": 7,
    "/notifications/count": 2,
}


@asynccontextmanager
async def listening(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[Text]]:
    """The hand-written reads of a page, with their values."""
    heard: list[Text] = []
    usual = reads._fetch

    async def fetch(sql: str, values: tuple[object, ...], *, settled: bool = False) -> object:
        heard.append((sql, values))
        return await usual(sql, values, settled=settled)

    with monkeypatch.context() as patched:
        patched.setattr(reads, "_fetch", fetch)
        yield heard


async def plan(sql: str, values: Sequence[object]) -> str:
    if db.dialect() == "postgres":
        # A small table is read whole whatever the index; what counts is whether one can be used.
        async with db.transaction():
            await reads.rows(Line, "SELECT set_config('enable_seqscan', 'off', true)")
            found = await reads.rows(Line, f"EXPLAIN {sql}", *values)
            return "\n".join(line.text for line in found)
    connection = get_connection("default")
    _, lines = await connection.execute_query(f"EXPLAIN QUERY PLAN {sql}", list(values))
    return "\n".join(str(line["detail"]) for line in lines)


def read_whole(sql: str, plan_text: str) -> list[str]:
    """The growing tables that a plan walks through; SQLite names what the query calls them."""
    found = []
    for table in GROWING:
        names = {table, *re.findall(rf'(?:FROM|JOIN) "?{table}"? (?:AS )?"?([a-z]+)', sql)}
        walked = "|".join(re.escape(name) for name in names)
        if re.search(rf"^SCAN (?:{walked})(?: |$)", plan_text, re.MULTILINE) or re.search(
            rf"Seq Scan on {table}(?: |$)", plan_text, re.MULTILINE
        ):
            found.append(table)
    return found


@pytest.mark.parametrize("page", sorted(PAGES))
async def test_no_page_walks_through_what_grows(
    page: str, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    account, space_id, post_id = await world(5, 3)
    await browser.sign_in(account)
    path = page.format(
        space=to_public(space_id), post=to_public(post_id), author=to_public(account.person_id)
    )
    await browser.text(path)
    async with listening(monkeypatch) as heard:
        await browser.text(path)
    walked = [found for sql, values in heard if (found := read_whole(sql, await plan(sql, values)))]
    assert walked == []


@pytest.mark.parametrize("page", sorted(PAGES))
async def test_a_page_asks_as_much_of_many_posts_as_of_few(page: str, browser: Browser) -> None:
    counts = []
    for posts, places in ((2, 2), (30, 12)):
        account, space_id, post_id = await world(posts, places)
        await browser.sign_in(account)
        path = page.format(
            space=to_public(space_id), post=to_public(post_id), author=to_public(account.person_id)
        )
        await browser.text(path)
        async with asked() as found:
            await browser.text(path)
        counts.append(int(found))
    assert counts[0] == counts[1]
    assert 0 < counts[1] <= PAGES[page]


def test_a_walk_is_seen() -> None:
    sql = "SELECT p.id FROM post p WHERE p.title = ?"
    assert read_whole(sql, "SCAN p") == ["post"]
    assert read_whole(sql, "SEARCH p USING INDEX title (title=?)") == []
    assert read_whole(sql, "  ->  Seq Scan on post p  (cost=0)") == ["post"]
