"""An instance full of invented posts, made by bulk inserts, on either engine."""

import atexit
import os
import shutil
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from quart import Quart
from tortoise import Tortoise
from tortoise.connection import get_connection

from bench import bulk
from rse.app import create_app
from rse.config import Settings, load
from rse.identity import people
from rse.identity.models import Account, Person
from rse.identity.people import Card, our_organisation
from rse.identity.sessions import open_session
from rse.kernel import db
from rse.kernel.ids import EPOCH_MS
from rse.runtime import opened
from rse.web.session import cookie_name

ENGINE = os.environ.get("RSE_BENCH_ENGINE", "sqlite")
SIZES = [int(n) for n in os.environ.get("RSE_BENCH_POSTS", "10000,100000").split(",")]
SPACES = int(os.environ.get("RSE_BENCH_SPACES", "200"))
AUTHORS, DEAD = 500, 10
# A post each two seconds, the last a minute ago: the newest are told in minutes, as in life.
STEP_MS = 2_000
NEWEST_MS = int(time.time() * 1000) - EPOCH_MS - 60_000
# What of the newest posts somebody has answered, reacted to, or not seen yet.
TOUCHED, UNSEEN = 300, 15
# One post in so many is an announcement.
ANNOUNCED = 499
LONG_AGO = "2026-01-01 00:00:00+00:00"
WORDS = "façade quai toile livret atelier mobilité réunion plan devis jeudi équipe".split()  # noqa: SIM905
BATCH = 20_000


@dataclass(frozen=True, slots=True)
class World:
    """The readers whose pages are measured, and how many posts there are."""

    posts: int
    readers: dict[str, Person]
    last_post: int


def post_id(number: int, posts: int) -> int:
    return (NEWEST_MS - (posts - 1 - number) * STEP_MS) << 22


def settings_in(folder: Path) -> Settings:
    return load(
        environment={
            "RSE_SERVER__DATA_DIR": str(folder),
            "RSE_SERVER__PUBLIC_URL": "http://127.0.0.1:8800",
            "RSE_DATABASE__URL": os.environ.get("RSE_BENCH_DATABASE", ""),
            "RSE_NETWORK__ALLOWED_PRIVATE": '["127.0.0.0/8"]',
            "RSE_LOG__LEVEL": "error",
        }
    )


_folder = Path(tempfile.mkdtemp(prefix="rse-bench-"))
_filled: dict[str, World] = {}
atexit.register(shutil.rmtree, _folder, ignore_errors=True)


@asynccontextmanager
async def instance(name: str = "empty") -> AsyncGenerator[Settings]:
    """An instance, open and migrated. One that was filled before is opened again as it is."""
    folder = _folder / name
    if name not in _filled:
        shutil.rmtree(folder, ignore_errors=True)
    settings = settings_in(folder)
    async with opened(settings, migrating=True):
        if ENGINE == "postgres" and name not in _filled:
            _filled.clear()
            await _empty()
        yield settings


@asynccontextmanager
async def filled(
    posts: int, make: Callable[[int], Awaitable[World]] | None = None, kind: str = "with"
) -> AsyncGenerator[tuple[Settings, World]]:
    """An instance with so many posts; made once in a process, so only reads may be measured."""
    name = f"{kind}-{posts}"
    async with instance(name) as settings:
        if name not in _filled:
            _filled[name] = await (make or fill)(posts)
        yield settings, _filled[name]


async def _empty() -> None:
    connection = get_connection("default")
    await connection.execute_script(
        "DO $$ DECLARE t record; BEGIN FOR t IN SELECT tablename FROM pg_tables WHERE"
        " schemaname = 'public' AND tablename <> 'tortoise_migrations' LOOP EXECUTE"
        " 'TRUNCATE ' || quote_ident(t.tablename) || ' CASCADE'; END LOOP; END $$"
    )


async def fill(posts: int) -> World:
    """People, spaces and posts: 30 spaces for the usual reader, 120 for the heavy one."""
    ours = await our_organisation("Ostrelle")
    readers = {
        name: (await people.ensure_local(name, Card(display_name=f"{name.title()} Morvan"))).person
        for name in ("usual", "heavy", "quiet", "dead")
    }
    await insert("person", _people(ours.id))
    await insert("space", _spaces(ours.id))
    await insert("membership", _memberships(readers, posts))
    await _write_posts(posts)
    await insert("comment", _comments(posts))
    await insert("reaction", _reactions(readers, posts))
    await insert("bookmark", _bookmarks(readers, posts))
    await settle()
    return World(posts, readers, post_id(posts - 1, posts))


async def settle() -> None:
    """The newest post of each space, and what the planner wants to know of the tables."""
    connection = get_connection("default")
    await connection.execute_query(
        "UPDATE space SET last_post_id = coalesce("
        "(SELECT max(post_id) FROM stream_item WHERE stream_id = space.id), 0)"
    )
    await connection.execute_script("ANALYZE" if ENGINE == "sqlite" else "VACUUM ANALYZE")


def _place(number: int, posts: int) -> int:
    return bulk.place(number, posts, SPACES, DEAD)


def _people(organisation: int) -> Iterator[dict[str, Any]]:
    for number in range(1, AUTHORS + 1):
        yield {
            "id": number, "organisation_id": organisation, "handle": f"author{number}",
            "display_name": f"Author {number}", "search_name": f"author {number}", "title": "Quai",
            "about": "", "email": None, "phone": "", "language": "fr", "timezone": "Europe/Paris",
            "status": "active", "status_source": "", "locked_fields": "{}",
        }  # fmt: skip


def _spaces(organisation: int) -> Iterator[dict[str, Any]]:
    for number in range(1, SPACES + 1):
        yield {
            "id": number, "name": f"Space {number}", "search_name": f"space {number}",
            "description": "", "access": "open", "is_company": number == 1, "category": 1,
            "organisation_id": organisation, "is_closed": False, "member_count": 40,
            "last_post_id": 0,
        }  # fmt: skip


def _memberships(readers: dict[str, Person], posts: int) -> Iterator[dict[str, Any]]:
    chosen = {
        "usual": range(1, 31),
        "heavy": range(1, 121),
        "quiet": range(SPACES - DEAD - 5, SPACES - DEAD),
        "dead": range(SPACES - DEAD + 1, SPACES - DEAD + 6),
    }
    number = 0
    for name, spaces in chosen.items():
        for space in spaces:
            number += 1
            yield {
                "id": number, "space_id": space, "person_id": readers[name].id, "role": "member",
                "status": "joined", "message": "", "since": LONG_AGO,
                "seen_id": post_id(posts - UNSEEN, posts),
            }  # fmt: skip


def posts_of(posts: int) -> Iterator[dict[str, Any]]:
    """What was written where and by whom, the same each time."""
    for number in range(posts):
        yield {
            "id": post_id(number, posts), "author_id": 1 + number % AUTHORS,
            "space_id": _place(number, posts), "source": _body(number),
        }  # fmt: skip


def _body(number: int) -> str:
    return " ".join(WORDS[(number * 7 + n * n) % len(WORDS)] for n in range(24))


async def _write_posts(posts: int) -> None:
    """The same as SQL: there are no more bodies than words."""
    number = f"(({NEWEST_MS - (posts - 1) * STEP_MS} + n.i * {STEP_MS}) << 22)"
    space = bulk.place_sql(posts, SPACES, DEAD)
    body = _chosen([_body(number) for number in range(len(WORDS))])
    kind = f"CASE WHEN n.i % {ANNOUNCED} = 0 THEN 'announcement' ELSE 'post' END"
    has_comment = f"n.i > {posts - TOUCHED} AND n.i % 2 = 1"
    counts = bulk.typed("""CASE WHEN n.i % 3 = 0 THEN '{}' ELSE '{"👏":3}' END""", "JSONB")
    author = f"1 + n.i % {AUTHORS}"
    columns = {
        "id": number, "author_id": author, "space_id": space, "kind": kind, "source": body,
        "html": f"'<p>' || {body} || '</p>'", "comment_count": "n.i % 9",
        "reaction_counts": counts, "by_mail": "FALSE",
        "last_comment_id": f"CASE WHEN {has_comment} THEN {number} + {500 << 22} ELSE 0 END",
    }  # fmt: skip
    item = {
        "id": "n.i + 1", "stream_id": space, "post_id": number, "activity_id": number,
        "author_id": author, "kind": kind,
    }  # fmt: skip
    async with bulk.without_indexes("post", "stream_item"):
        await bulk.write("post", columns, defaults_of("post"), posts)
        await bulk.write("stream_item", item, defaults_of("stream_item"), posts)


def _chosen(bodies: list[str]) -> str:
    cases = " ".join(f"WHEN {n} THEN {bulk.literal(body)}" for n, body in enumerate(bodies))
    return f"(CASE n.i % {len(bodies)} {cases} END)"


def _has_comment(number: int, posts: int) -> bool:
    return number > posts - TOUCHED and number % 2 == 1


def _comment_id(number: int, posts: int) -> int:
    return post_id(number, posts) + (500 << 22)


def _newest(posts: int, step: int) -> range:
    return range(max(1, posts - TOUCHED), posts, step)


def _comments(posts: int) -> Iterator[dict[str, Any]]:
    for number in _newest(posts, 1):
        if _has_comment(number, posts):
            yield {
                "id": _comment_id(number, posts), "post_id": post_id(number, posts),
                "author_id": 1 + number % AUTHORS, "source": "Merci", "html": "<p>Merci</p>",
                "reaction_counts": "{}",
            }  # fmt: skip


def _reactions(readers: dict[str, Person], posts: int) -> Iterator[dict[str, Any]]:
    for place, person in enumerate(readers.values()):
        for number in _newest(posts, 7):
            post = post_id(number, posts)
            yield {
                "id": post + place + 1, "target_id": post, "post_id": post,
                "person_id": person.id, "emoji": "👏",
            }  # fmt: skip


def _bookmarks(readers: dict[str, Person], posts: int) -> Iterator[dict[str, Any]]:
    for place, person in enumerate(readers.values()):
        for number in _newest(posts, 11):
            post = post_id(number, posts)
            yield {"id": post + place + 1, "post_id": post, "person_id": person.id}


async def insert(table: str, rows: Iterator[dict[str, Any]]) -> None:
    """Write rows in batches."""
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            await _write(table, batch)
            batch = []
    if batch:
        await _write(table, batch)


def defaults_of(table: str) -> dict[str, Any]:
    """What the table's model says of columns that nothing was said of."""
    for described in Tortoise.describe_models(serializable=False).values():
        if described["table"] == table:
            said = {column["db_column"]: column["default"] for column in described["data_fields"]}
            known = {n: v for n, v in said.items() if v is not None and not callable(v)}
            return known | ({"since": LONG_AGO} if "since" in said else {})
    return {}  # an index beside the models


async def _write(table: str, batch: Sequence[dict[str, Any]]) -> None:
    defaults = defaults_of(table)
    batch = [{**defaults, **row} for row in batch]
    names = list(batch[0])
    connection = get_connection("default")
    if db.dialect() == "postgres":
        # One statement with one JSON argument: types are the table's own.
        columns = ", ".join(names)
        await connection.execute_query(
            f"INSERT INTO {table} ({columns}) SELECT {columns}"
            f" FROM json_populate_recordset(NULL::{table}, $1)",
            [orjson.dumps([_typed(row) for row in batch]).decode()],
        )
        return
    marks = ", ".join("?" * len(names))
    await connection.execute_many(
        f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})",
        [list(row.values()) for row in batch],
    )


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    """JSON columns are text on SQLite and values on PostgreSQL."""
    return {
        name: orjson.loads(value) if name in {"reaction_counts", "locked_fields"} else value
        for name, value in row.items()
    }


async def browser(app: Quart, person: Person) -> Any:
    """A signed-in client of the application."""
    account = await Account.get(person_id=person.id).select_related("person")
    client = app.test_client()
    client.set_cookie("127.0.0.1", cookie_name("session"), await open_session(account))
    return client


def application(settings: Settings) -> Quart:
    """The application beside an instance that is open already: no second opening."""
    app = create_app(settings, with_worker=False)
    app.before_serving_funcs.clear()
    app.after_serving_funcs.clear()
    return app
