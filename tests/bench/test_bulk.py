"""The large world: what the database writes is what Python says of it."""

import pytest
from tortoise.connection import get_connection

from bench import readers, world
from rse.feed import queries
from rse.notifications.queries import unread_count

POSTS = 400


@pytest.mark.usefixtures("app")
async def test_the_database_and_python_write_the_same_posts() -> None:
    made = await readers.fill(POSTS)
    connection = get_connection("default")
    _, rows = await connection.execute_query(
        "SELECT id, author_id, space_id, source FROM post ORDER BY id"
    )
    assert [dict(row) for row in rows] == list(world.posts_of(POSTS))
    _, items = await connection.execute_query("SELECT stream_id FROM stream_item ORDER BY id")
    assert [item["stream_id"] for item in items] == [row["space_id"] for row in rows]
    usual = made.readers["usual"]
    assert len((await queries.home_page(usual.id)).items) == 20
    assert await unread_count(usual.id) == POSTS // readers.TOLD_OF["usual"]
