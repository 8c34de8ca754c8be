"""stack-floor: what an answer costs before the product does anything, and what ours adds.

Measured at the server's process, through Hypercorn, while a crowd of kept connections asks it.
"""

from dataclasses import dataclass

from bench import world
from bench.frame import Bar, Prepare, Prepared, cpu_of, workload
from bench.served import CROWD, Server
from rse.identity.models import Account
from rse.identity.sessions import open_session
from rse.web.session import cookie_name

POSTS, EACH = 10_000, 5
TURNS = "served"


@dataclass(slots=True)
class _Running:
    """A server that several workloads ask: it ends with the last of them."""

    server: Server
    users: int = 0


_running: dict[str, _Running] = {}
_cookie: list[str] = []


async def _server(kind: str) -> Server:
    if kind not in _running:
        async with world.filled(POSTS) as (settings, made):
            account = await Account.get(person_id=made.readers["usual"].id)
            _cookie[:] = [f"{cookie_name('session')}={await open_session(account)}"]
        folder = settings.server.data_dir
        _running[kind] = _Running(await Server.start(kind, folder))
    _running[kind].users += 1
    return _running[kind].server


async def _leave(kind: str) -> None:
    _running[kind].users -= 1
    if not _running[kind].users:
        await _running.pop(kind).server.stop()


async def _asked(kind: str, path: str, headers: dict[str, str], rounds_of: int) -> Prepared:
    server = await _server(kind)
    if headers.pop("signed in", ""):
        headers["Cookie"] = _cookie[0]
    body = await server.ask(path, headers)
    return Prepared(
        lambda: server.crowd(path, headers, EACH),
        rounds_of=rounds_of,
        requests=CROWD * EACH,
        cpu_seconds=cpu_of(server.pid),
        counts={"bytes": len(body)},
        close=lambda: _leave(kind),
    )


def _page(name: str, path: str, title: str, *bars: Bar, **headers: str) -> None:
    async def prepare() -> Prepared:
        kind = "bare" if name == "stack-floor-bare" else "ours"
        sent = {word.replace("_", " "): value for word, value in headers.items()}
        return await _asked(kind, path, sent, rounds_of=8)

    prepare.__name__ = name
    made: Prepare = prepare
    workload(title, *bars, turns=TURNS)(made)


FLOOR, HELLO = "stack-floor-bare", "stack-floor-signed-in"
_page(FLOOR, "/hello", "an empty answer of bare Quart under Hypercorn")
_page(
    "stack-floor-ours", "/hello", "the same through all of ours, nobody signed in", Bar(FLOOR, 1.5)
)
_page(HELLO, "/hello", "the same for somebody who is signed in", Bar(FLOOR, 1.5), signed_in="1")
_page("page-home", "/", "the whole home page, as it is sent", Bar(HELLO, 2.5), signed_in="1")
_page(
    "page-home-json",
    "/",
    "the home feed as JSON",
    Bar(HELLO, 1.8),
    signed_in="1",
    Accept="application/json",
)
_page("page-notifications", "/notifications", "the list of notices, as it is sent", signed_in="1")
