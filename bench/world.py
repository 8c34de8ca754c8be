"""An instance full of invented posts, made by bulk inserts, on either engine."""

import atexit
import os
import random
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
LONG_AGO = "2026-01-01 00:00:00+00:00"
WORDS = "façade quai toile livret atelier mobilité réunion plan devis jeudi équipe".split()  # noqa: SIM905
BATCH = 20_000
_random = random.Random(7)


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
    await insert("space", _spaces(ours.id, posts))
    await insert("membership", _memberships(readers, posts))
    await insert("post", posts_of(posts))
    await insert("stream_item", _items(posts))
    await insert("comment", _comments(posts))
    await insert("reaction", _reactions(readers, posts))
    await insert("bookmark", _bookmarks(readers, posts))
    connection = get_connection("default")
    await connection.execute_script("ANALYZE")
    return World(posts, readers, post_id(posts - 1, posts))


def _place(number: int, posts: int) -> int:
    """The space of a post: few are lively, many are not, the last ones died early."""
    lively = int(SPACES * _random.random() ** 3)
    return 1 + min(lively, SPACES - DEAD - 1) if number > posts // 25 else 1 + number % SPACES


def _people(organisation: int) -> Iterator[dict[str, Any]]:
    for number in range(1, AUTHORS + 1):
        yield {
            "id": number, "organisation_id": organisation, "handle": f"author{number}",
            "display_name": f"Author {number}", "search_name": f"author {number}", "title": "Quai",
            "about": "", "email": None, "phone": "", "language": "fr", "timezone": "Europe/Paris",
            "status": "active", "status_source": "", "locked_fields": "{}",
        }  # fmt: skip


def _spaces(organisation: int, posts: int) -> Iterator[dict[str, Any]]:
    for number in range(1, SPACES + 1):
        alive = number <= SPACES - DEAD
        yield {
            "id": number, "name": f"Space {number}", "search_name": f"space {number}",
            "description": "", "access": "open", "is_company": number == 1, "category": 1,
            "organisation_id": organisation, "is_closed": False, "member_count": 40,
            "last_post_id": post_id(posts - number if alive else number, posts),
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
    """The rows of the posts, the same each time."""
    _random.seed(7)
    for number in range(posts):
        body = " ".join(WORDS[(number * 7 + n * n) % len(WORDS)] for n in range(24))
        yield {
            "id": post_id(number, posts), "author_id": 1 + number % AUTHORS,
            "space_id": _place(number, posts), "kind": "post", "title": "", "source": body,
            "html": f"<p>{body}</p>", "version": 1, "purged": False, "comment_count": number % 9,
            "reaction_counts": '{"👏":3}' if number % 3 else "{}",
            "last_comment_id": _comment_id(number, posts) if _has_comment(number, posts) else 0,
            "by_mail": False,
        }  # fmt: skip


def _items(posts: int) -> Iterator[dict[str, Any]]:
    _random.seed(7)
    for number in range(posts):
        post = post_id(number, posts)
        yield {
            "id": number + 1, "stream_id": _place(number, posts), "post_id": post,
            "activity_id": post, "author_id": 1 + number % AUTHORS,
        }  # fmt: skip


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


def _defaults(table: str) -> dict[str, Any]:
    """What the table's model says of columns that nothing was said of."""
    for described in Tortoise.describe_models(serializable=False).values():
        if described["table"] == table:
            said = {column["db_column"]: column["default"] for column in described["data_fields"]}
            known = {n: v for n, v in said.items() if v is not None and not callable(v)}
            return known | ({"since": LONG_AGO} if "since" in said else {})
    return {}  # an index beside the models


async def _write(table: str, batch: Sequence[dict[str, Any]]) -> None:
    defaults = _defaults(table)
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
