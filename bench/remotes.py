"""Partners that take what they are sent, in a process of their own: `python -m bench.remotes`.

Each address 127.0.0.n is another company. It checks signature, digest and chain as an instance
does, and remembers how far it got.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections import Counter
from urllib.request import urlopen

from aiohttp import web

from rse.federation.core import httpsig, jcs, jsonsafe, keys, stream
from rse.federation.core.httpsig import Message
from rse.federation.core.stream import Position

Tally = dict[str, int]


class Remotes:
    """All companies of the process."""

    def __init__(self, key: str) -> None:
        self._key = keys.from_multikey(key)
        self._positions: dict[str, Position] = {}
        self._counts: Counter[str] = Counter()

    async def push(self, request: web.Request) -> web.Response:
        body = await request.read()
        message = Message("POST", str(request.url), list(request.headers.items()))
        httpsig.verify(httpsig.read(message), message, self._key, now=int(time.time()))
        httpsig.check_body(message, body)
        page = stream.read_page(jsonsafe.parse(body, max_nodes=200_000))
        before = self._positions.get(request.host, Position("", 0, stream.START))
        try:
            entries, after = stream.continue_from(before, page)
        except (stream.Gap, stream.Broken):
            self._counts["gaps"] += 1
            return web.Response(status=500)
        self._positions[request.host] = after
        self._counts["deliveries"] += 1
        self._counts["activities"] += len(entries)
        self._counts["again"] += len(page.entries) - len(entries)
        return web.Response(body=jcs.canonical({"ack": after.ack, "results": []}))

    async def tally(self, _request: web.Request) -> web.Response:
        heads = sum(position.ack for position in self._positions.values())
        return web.json_response({**self._counts, "acknowledged": heads})


class Process:
    """The process, as the benches hold it."""

    def __init__(self, port: int, key: str) -> None:
        self.port = port
        command = [sys.executable, "-m", "bench.remotes", str(port), key]
        self._process = subprocess.Popen(command)

    async def tally(self) -> Tally:
        """How much came, once it answers."""
        for _attempt in range(600):
            try:
                return await asyncio.to_thread(self._ask)
            except OSError:
                await asyncio.sleep(0.1)
        raise TimeoutError("the remotes do not answer")

    def _ask(self) -> Tally:
        with urlopen(f"http://127.0.0.1:{self.port}/tally", timeout=10) as answer:
            found: Tally = json.load(answer)
            return found

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()


def main() -> None:
    port, key = sys.argv[1:]
    remotes = Remotes(key)
    app = web.Application(client_max_size=1 << 24)
    app.router.add_post("/fed/stream", remotes.push)
    app.router.add_get("/tally", remotes.tally)
    web.run_app(app, host="0.0.0.0", port=int(port), print=None, access_log=None)


if __name__ == "__main__":
    main()
