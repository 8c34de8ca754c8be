"""Servers of our own: unprivileged, on free loopback ports, gone when we are."""

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def traversable(folder: Path) -> bool:
    """May a user without any rights of ours pass through this folder?"""
    return all(part.stat().st_mode & 0o001 for part in [folder, *folder.parents])


def scratch(name: str) -> Path:
    """A new temporary folder that an unprivileged server can reach and owns."""
    folder = Path(tempfile.mkdtemp(prefix=f"rse-{name}-"))
    if os.geteuid() == 0 and not traversable(folder.parent):
        folder.rmdir()
        folder = Path(tempfile.mkdtemp(prefix=f"rse-{name}-", dir="/tmp"))
    give(folder)
    return folder


def give(path: Path) -> None:
    """Hand a file or folder to the user our servers run as."""
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(path, nobody.pw_uid, nobody.pw_gid)


def unprivileged() -> dict[str, object]:
    """Arguments for Popen or run: as root, become nobody (PostgreSQL refuses root, and rightly)."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


class Server:
    """A running server process with its folder and log; `stop()` ends it and removes both."""

    def __init__(
        self,
        command: Sequence[object],
        folder: Path,
        *,
        env: Mapping[str, str] | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        as_root: bool = False,
    ) -> None:
        self.command = [str(part) for part in command]
        self.folder = folder
        self.env = dict(env or os.environ)
        self.stop_signal = stop_signal
        self.as_root = as_root
        self.log = folder / "server.log"
        self.process = self._spawn()

    def _spawn(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            process: subprocess.Popen[bytes] = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=self._die_with_parent,
                **({} if self.as_root else unprivileged()),  # type: ignore[call-overload]
            )
        return process

    def _die_with_parent(self) -> None:
        _libc.prctl(PR_SET_PDEATHSIG, int(self.stop_signal))

    def wait_until(self, ready: Callable[[], bool], seconds: float = 20) -> None:
        """Return when `ready()`; raise with the log's end when the server died or took too long."""
        deadline = time.monotonic() + seconds
        while not ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.process.kill()
                raise NotStarted(self.command, self.tail())
            time.sleep(0.03)

    def kill(self) -> None:
        """As a power cut would."""
        self.process.kill()
        self.process.wait()

    def halt(self) -> None:
        """End the process and keep its folder, so that `again()` finds its data."""
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()

    def again(self) -> None:
        """Start once more with the same command, folder and port."""
        self.process = self._spawn()

    def stop(self) -> None:
        self.halt()
        shutil.rmtree(self.folder, ignore_errors=True)

    def tail(self) -> str:
        if not self.log.exists():
            return "(its folder is gone)"
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])


class NotStarted(Exception):
    """A server did not come up; the end of its log says why."""

    def __init__(self, command: Sequence[str], log: str) -> None:
        super().__init__(f"{command[0]} did not start. The end of its log:\n{log}")


def answers(port: int) -> bool:
    """Does anybody accept a connection on this loopback port?"""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=0.3):
            return True
    except OSError:
        return False
