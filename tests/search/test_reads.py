"""Search reads along its index, whoever asks, and as much for a full page as for an empty one."""

from typing import NamedTuple

import pytest
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from rse.kernel import db, reads
from rse.kernel.jobs import drain
from rse.kernel.reads import rows
from rse.search import engine, rights
from rse.search.asked import Asked
from rse.search.engine import Ask
from rse.search.index import space_token
from rse.search.query import parse
from rse.search.results import search
from tests import make
from tests.feed.test_reads import asked

pytestmark = pytest.mark.usefixtures("app")
MOST = 30


class Step(NamedTuple):
    """A line of SQLite's plan."""

    id: int
    parent: int
    unused: int
    detail: str


class Line(NamedTuple):
    """A line of PostgreSQL's plan."""

    text: str


async def plan_of(ask: Ask) -> str:
    reader = await make.person()
    scope = await rights.scope_of(reader)
    sql, values = engine._statement(scope, ask)
    if db.dialect() == "sqlite":
        steps = await rows(Step, f"EXPLAIN QUERY PLAN {sql}", *values)
        return "\n".join(step.detail for step in steps)
    return "\n".join(line.text for line in await rows(Line, f"EXPLAIN {sql}", *values))


async def fill_up(organisation_id: int) -> None:
    """A company's words in many open spaces, and their statistics, as in a real database."""
    script = (
        "INSERT INTO space (id, name, search_name, description, access, is_company, category,"
        " organisation_id, is_closed, member_count, last_post_id) SELECT n, 'Espace ' || n, '', '',"
        f" 'open', false, 1, {organisation_id}, false, 1, 0 FROM generate_series(1000, 1200) AS n;"
        " INSERT INTO search_document (id, kind, space_id, author_id, title_words, body_words,"
        " audience) SELECT n, 'post', 1000 + n % 200, n % 20, '', 'remplissage ' || n, 'k:post'"
        " FROM generate_series(1000, 21000) AS n; ANALYZE search_document; ANALYZE space;"
        " ANALYZE membership"
    )
    await get_connection("default").execute_script(script)


@pytest.mark.parametrize("scored", [False, True])
async def test_words_are_looked_up_in_the_full_text_index(scored: bool) -> None:
    author = await make.person()
    space = await make.space(author)
    for number in range(3):
        await make.post(author, space, f"Plan {number}")
    await drain()
    if db.dialect() == "postgres":
        await fill_up(author.organisation_id)
    kinds = ["post", "comment", "file"]
    plan = await plan_of(Ask(query=parse("plan facade"), kinds=kinds, scored=scored))
    if db.dialect() == "sqlite":
        first = plan.splitlines()[0]
        assert "search_index VIRTUAL TABLE INDEX" in first
        assert "TEMP B-TREE" not in plan, "the index gives the newest first by itself"
    else:
        assert "search_document_vector" in plan or "search_document_pkey" in plan
        assert "Seq Scan on search_document" not in plan


async def test_a_full_page_asks_no_more_than_a_small_one() -> None:
    author = await make.person("Anna Plan")
    space = await make.space(author, "Plan")
    counts = []
    for posts in (1, 12):
        for number in range(posts):
            post = await make.post(author, space, f"Plan {number}")
            await make.comment(post, author, "Un plan")
        await drain()
        async with asked() as found:
            await search(author, Asked(text="plan"))
        counts.append(int(found))
    assert counts[0] == counts[1] <= MOST


async def test_what_is_rare_stays_quick_after_common_words_were_asked_for() -> None:
    """PostgreSQL must not settle on one plan for all words."""
    author = await make.person()
    await make.post(author, None, "Plan millésime")
    await drain()
    if db.dialect() == "postgres":
        await fill_up(author.organisation_id)
    scope = await rights.scope_of(author)
    async with in_transaction():  # one connection: each has its own plans
        for _again in range(12):
            assert await engine.matches(scope, Ask(query=parse("millesime"), kinds=["post"]))
        if db.dialect() == "postgres":
            plans = "SELECT SUM(generic_plans), SUM(custom_plans) FROM pg_prepared_statements"
            [(generic, custom)] = await rows(
                lambda *counts: counts, f"{plans} WHERE statement LIKE '_SELECT d.id, d.kind%'"
            )
            assert generic == 0 and custom >= 12


async def test_few_readable_spaces_are_named_inside_the_match() -> None:
    """A common word costs nothing to whoever may read none of it."""
    owner, outsider = await make.person(), await make.outsider()
    await make.post(owner, None, "Plan")
    await drain()
    scope = await rights.scope_of(outsider)
    assert scope.space_ids == ()
    ask = Ask(query=parse("plan"), kinds=["post"])
    text = engine.sqlite_text(scope, ask) + engine.postgres_text(scope, ask)
    assert space_token(0) in text, "a space nobody has"
    assert await engine.matches(scope, ask) == []
    assert reads.counter.get() is None
