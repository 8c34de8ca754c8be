"""live: what one message to everybody costs, with many sockets held, and what each of them holds.

200 sockets by default; RSE_BENCH_SOCKETS=5000 for as many as a large company has open.
"""

import os
import resource

from bench import world
from bench.frame import Bar, Prepared, cpu_of, workload
from bench.held import TOPIC, Crowd
from rse.identity import people
from rse.identity.people import Card
from rse.identity.sessions import open_session
from rse.web.session import cookie_name

SOCKETS = int(os.environ.get("RSE_BENCH_SOCKETS", "200"))
TABS = 20  # of one person: below what the hub allows
TURNS = "live"
LIBRARY = "live-library"
WORDS = f'{{"do":"subscribe","topics":["{TOPIC}"]}}'.encode()


@workload("a message of 200 bytes to everybody, by `websockets`' own broadcast", turns=TURNS)
async def live_library() -> Prepared:
    async with world.instance("live") as settings:
        folder = settings.server.data_dir
    crowd = await Crowd.start("websockets", folder)
    return await _held(crowd, ["none=1"] * SOCKETS)


@workload("the same by ours, through the hub and the page's own line", Bar(LIBRARY, 4), turns=TURNS)
async def live_ours() -> Prepared:
    async with world.instance("live") as settings:
        cookies = await _cookies()
        folder = settings.server.data_dir
    return await _held(await Crowd.start("ours", folder), cookies, WORDS)


async def _cookies() -> list[str]:
    """A session for each of as many people as the tabs need."""
    found = []
    for number in range(-(-SOCKETS // TABS)):
        made = await people.ensure_local(f"tab{number}", Card(display_name=f"Tab {number}"))
        found.append(f"{cookie_name('session')}={await open_session(made)}")
    return [found[number // TABS] for number in range(SOCKETS)]


async def _held(crowd: Crowd, cookies: list[str], words: bytes = b"") -> Prepared:
    _allow_files()
    await crowd.hold(cookies, words)
    counts: dict[str, int | float | str] = {
        "sockets": SOCKETS, "KiB each": crowd.kib_each, "lost": 0,
    }  # fmt: skip

    async def broadcast() -> None:
        await crowd.broadcast()
        counts["lost"] = crowd.lost

    return Prepared(
        broadcast,
        rounds_of=max(5, 10_000 // SOCKETS),
        requests=SOCKETS,
        cpu_seconds=cpu_of(crowd.pid),
        counts=counts,
        close=crowd.stop,
    )


def _allow_files() -> None:
    """Each socket is an open file, here and in the server, which inherits the limit."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
