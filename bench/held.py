"""A server that holds many sockets, in a process of its own, and the crowd at their other ends.

`python -m bench.held ours|websockets PORT` serves until it is told to stop; `GET /say` has it send
one message to everybody.
"""

import asyncio
import os
import signal
import sys
from http import HTTPStatus
from pathlib import Path

import psutil
import uvloop
from hypercorn.asyncio import serve
from quart import Quart
from websockets.asyncio.server import ServerConnection, broadcast
from websockets.asyncio.server import serve as serve_websockets
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from bench.served import environment, free_port
from rse.app import create_app
from rse.cli_server import hypercorn
from rse.config import load
from rse.identity.models import Person
from rse.kernel.ids import new_id
from rse.realtime.hub import hub
from rse.realtime.rings import encode
from rse.realtime.topics import Topic, topic_of, topics
from rse.web.csrf import csrf_exempt

TOPIC = topic_of("bench", 1)
BYTES = 200
AT_ONCE = 50


def message() -> tuple[str, dict[str, str]]:
    """An envelope of exactly BYTES bytes, and the data in it."""
    bare = encode(new_id(), TOPIC, "said", {"word": ""})
    data = {"word": "x" * (BYTES - len(bare))}
    return encode(new_id(), TOPIC, "said", data), data


class End(asyncio.Protocol):
    """The browser's end of a socket: it counts whole messages, and no more than that."""

    def __init__(self, request: bytes, first_words: bytes, crowd: "Crowd") -> None:
        self._request, self._first_words, self._crowd = request, first_words, crowd
        self._buffer = b""
        self._transport: asyncio.Transport | None = None
        self.open = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]
        self._transport.write(self._request)  # type: ignore[union-attr]

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self.open.done():
            head, end, rest = self._buffer.partition(b"\r\n\r\n")
            if not end:
                return
            if not head.startswith(b"HTTP/1.1 101"):
                self.open.set_exception(ConnectionError(head.decode("latin1")))
                return
            self.open.set_result(None)
            self._buffer = rest
            if self._first_words and self._transport:
                self._transport.write(_frame(self._first_words))
        self._count()

    def _count(self) -> None:
        """Frames of a server are not masked; none of these is longer than two bytes can tell."""
        while len(self._buffer) >= 2:
            short = self._buffer[1] < 126
            length = self._buffer[1] if short else int.from_bytes(self._buffer[2:4])
            whole = length + (2 if short else 4)
            if len(self._buffer) < whole:
                return
            self._crowd.heard(length)
            self._buffer = self._buffer[whole:]

    def connection_lost(self, error: Exception | None) -> None:
        if not self.open.done():
            self.open.set_exception(error or ConnectionError("closed"))
        self._crowd.closed += 1

    def close(self) -> None:
        if self._transport:
            self._transport.abort()


def _frame(text: bytes) -> bytes:
    """A text frame as a browser sends it; a mask of zeros leaves the words as they are."""
    return bytes((0x81, 0x80 | len(text), 0, 0, 0, 0)) + text


class Crowd:
    """A child process that serves, and everybody who is connected to it."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self.pid, self.port = process.pid, port
        self._process = process
        self._ends: list[End] = []
        self.got = self.answered = self.said = self.closed = 0
        self._all = asyncio.Event()
        self._welcome = asyncio.Event()
        self._expected = 0
        self.kib_each = 0.0

    @classmethod
    async def start(cls, kind: str, folder: Path) -> "Crowd":
        port = free_port()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.held", kind, str(port),
            env=environment(folder, port), stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        crowd = cls(process, port)
        for _attempt in range(600):
            try:
                await crowd.say()
            except OSError:
                await asyncio.sleep(0.05)
            else:
                return crowd
        raise TimeoutError("the server does not answer")

    async def hold(self, cookies: list[str], first_words: bytes = b"") -> None:
        """Connect once for each cookie; a page that has words waits for the answer to them."""
        before = _memory(self.pid)
        self._expected = len(cookies)
        for start in range(0, len(cookies), AT_ONCE):
            part = cookies[start : start + AT_ONCE]
            await asyncio.gather(*(self._connect(cookie, first_words) for cookie in part))
        if first_words:
            await self._welcome.wait()
        self.kib_each = round((_memory(self.pid) - before) / len(cookies) / 1024, 1)
        self.said = self.got = 0

    async def _connect(self, cookie: str, first_words: bytes) -> None:
        lines = [
            "GET /live HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Upgrade: websocket",
            "Connection: Upgrade", "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Origin: http://127.0.0.1:8800",
            f"Cookie: {cookie}", "", "",
        ]  # fmt: skip
        request = "\r\n".join(lines).encode()
        loop = asyncio.get_running_loop()
        _transport, end = await loop.create_connection(
            lambda: End(request, first_words, self), "127.0.0.1", self.port
        )
        self._ends.append(end)
        await end.open

    def heard(self, length: int) -> None:
        if length == BYTES:
            self.got += 1
            if self.got == self.said * len(self._ends):
                self._all.set()
        else:
            self.answered += 1
            if self.answered >= self._expected:
                self._welcome.set()

    @property
    def lost(self) -> int:
        return self.said * len(self._ends) - self.got

    async def broadcast(self) -> None:
        """One message to everybody; ends when all have it."""
        self._all.clear()
        self.said += 1
        await self.say()
        async with asyncio.timeout(60):
            await self._all.wait()

    async def say(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(b"GET /say HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        answer = await reader.read(12)
        writer.close()
        if answer != b"HTTP/1.1 200":
            raise ConnectionError(answer.decode("latin1"))

    async def stop(self) -> None:
        for end in self._ends:
            end.close()
        self._process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self._process.wait(), 60)
        except TimeoutError:  # what was measured is not lost because the server takes long to end
            self._process.kill()


def _memory(pid: int) -> int:
    return int(psutil.Process(pid).memory_info().rss)


async def _ours(ended: asyncio.Event) -> None:
    settings = load()
    app: Quart = create_app(settings, with_worker=False)
    topics["bench"] = Topic("bench", _everybody)
    data = message()[1]

    async def say() -> str:
        hub.post(TOPIC, "said", data)
        return "said"

    app.add_url_rule("/say", view_func=csrf_exempt(say))
    await serve(app, hypercorn(settings), shutdown_trigger=ended.wait)


async def _everybody(person: Person, number: int) -> bool:
    return True


async def _websockets(port: int, ended: asyncio.Event) -> None:
    text = message()[0]

    async def hold(connection: ServerConnection) -> None:
        await connection.wait_closed()

    def answer(connection: ServerConnection, request: Request) -> Response | None:
        if request.path != "/say":
            return None
        broadcast(server.connections, text)
        return Response(HTTPStatus.OK, "OK", Headers(), b"said")

    async with serve_websockets(
        hold, "127.0.0.1", port, process_request=answer, compression=None, ping_interval=None
    ) as server:
        await ended.wait()


async def main(kind: str, port: int) -> None:
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    await (_ours(ended) if kind == "ours" else _websockets(port, ended))


if __name__ == "__main__":
    if profile := os.environ.get("RSE_BENCH_PROFILE"):
        import cProfile

        cProfile.run("uvloop.run(main(sys.argv[1], int(sys.argv[2])))", f"{profile}.{sys.argv[1]}")
    else:
        uvloop.run(main(sys.argv[1], int(sys.argv[2])))
