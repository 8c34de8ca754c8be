"""A Redis or Valkey server of our own."""

import signal
import socket

from tests.testenv.processes import Server, free_port, scratch
from tests.testenv.programs import Program


class RedisServer:
    """An in-memory server; a worker takes a database number of its own."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.server: Server | None = None
        self.address = (program.url or self._start()).rstrip("/")

    def url(self, database: int = 0) -> str:
        return f"{self.address}/{database}"

    def flush(self) -> None:
        """Lose everything, as a restart without persistence does."""
        host, _, port = self.address.removeprefix("redis://").partition(":")
        with socket.create_connection((host, int(port)), timeout=5) as connection:
            connection.sendall(b"FLUSHALL\r\n")
            connection.recv(64)

    def restart(self) -> None:
        if self.server is None:
            raise RuntimeError("This server is not ours to restart.")
        self.server.halt()
        self.server.again()
        self.server.wait_until(lambda: _pongs(self.port))

    def stop(self) -> None:
        if self.server is not None:
            self.server.stop()

    def _start(self) -> str:
        folder, self.port = scratch("redis"), free_port()
        command = [str(self.program.path), "--port", str(self.port), "--bind", "127.0.0.1"]
        command += ["--save", "", "--appendonly", "no", "--databases", "64", "--dir", str(folder)]
        self.server = Server(command, folder, env=self.program.env(), stop_signal=signal.SIGKILL)
        self.server.wait_until(lambda: _pongs(self.port))
        return f"redis://127.0.0.1:{self.port}"


def _pongs(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=0.5) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False
