"""A server in a process of its own, as `rse serve` is one, and the crowd that asks it.

`python -m bench.served bare|ours` serves until it is told to stop.
"""

import asyncio
import cProfile
import os
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

import uvloop
from hypercorn.asyncio import serve
from quart import Quart

from rse.app import create_app
from rse.cli_server import hypercorn
from rse.config import Settings, load
from rse.web.csrf import csrf_exempt

CROWD = 16


async def hello() -> str:
    """The least that a view can answer."""
    return "hello"


class Connection:
    """A connection that is kept, and made anew when the server has closed it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: bytes) -> bytes:
        """One answer, which must be a good one."""
        if self._streams:
            try:
                return await _exchange(*self._streams, request)
            except (asyncio.IncompleteReadError, ConnectionError):
                self.close()
        self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        return await _exchange(*self._streams, request)

    def close(self) -> None:
        if self._streams:
            self._streams[1].close()
        self._streams = None


class Server:
    """A child process that serves, and the crowd that asks it."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self.pid, self.port = process.pid, port
        self._process = process
        self._crowd = [Connection(port) for _ in range(CROWD)]

    @classmethod
    async def start(cls, kind: str, folder: Path) -> "Server":
        port = free_port()
        # What it logs is part of what it costs; nobody reads it here.
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.served", kind,
            env=environment(folder, port), stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        server = cls(process, port)
        for _attempt in range(600):
            if await server.answers():
                return server
            await asyncio.sleep(0.05)
        raise TimeoutError("the server does not answer")

    async def answers(self) -> bool:
        try:
            await self.ask("/hello", {})
        except OSError:
            return False
        return True

    async def ask(self, path: str, headers: Mapping[str, str]) -> bytes:
        return await self._crowd[0].ask(_request(path, headers))

    async def crowd(self, path: str, headers: Mapping[str, str], each: int) -> None:
        """Everybody asks at once, `each` times over."""
        request = _request(path, headers)

        async def repeatedly(connection: Connection) -> None:
            for _ in range(each):
                await connection.ask(request)

        await asyncio.gather(*map(repeatedly, self._crowd))

    async def stop(self) -> None:
        for connection in self._crowd:
            connection.close()
        self._process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(self._process.wait(), 20)


def _request(path: str, headers: Mapping[str, str]) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


async def _exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes
) -> bytes:
    writer.write(request)
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if not head.startswith(b"http/1.1 200"):
        raise AssertionError(head.decode("latin1"))
    length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
    return await reader.readexactly(length)


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(folder: Path, port: int) -> dict[str, str]:
    """The settings of a child that serves the database in `folder`."""
    return {
        **os.environ,
        "RSE_SERVER__DATA_DIR": str(folder),
        "RSE_SERVER__BIND": f"127.0.0.1:{port}",
        "RSE_SERVER__PUBLIC_URL": "http://127.0.0.1:8800",
        "RSE_DATABASE__URL": os.environ.get("RSE_BENCH_DATABASE", ""),
        "RSE_NETWORK__ALLOWED_PRIVATE": '["127.0.0.0/8"]',
        "RSE_LOG__LEVEL": os.environ.get("RSE_LOG__LEVEL", "info"),
    }


def application(kind: str, settings: Settings) -> Quart:
    """A bare Quart, or the whole product with one more page."""
    app = Quart("bare", static_folder=None) if kind == "bare" else create_app(settings)
    app.add_url_rule("/hello", view_func=csrf_exempt(hello))
    return app


async def main(kind: str) -> None:
    settings = load()
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    await serve(application(kind, settings), hypercorn(settings), shutdown_trigger=ended.wait)


if __name__ == "__main__":
    if profile := os.environ.get("RSE_BENCH_PROFILE"):
        cProfile.run("uvloop.run(main(sys.argv[1]))", f"{profile}.{sys.argv[1]}")
    else:
        uvloop.run(main(sys.argv[1]))
