"""The spool: a mail is on the disk, synced, before anybody is told that we have it."""

import errno
import fcntl
import hashlib
import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

RETRY_SECONDS: Final = (60, 300, 1800, 7200, 43200)
_FAILED: Final = tuple(f"failed-{attempt}" for attempt in range(1, len(RETRY_SECONDS) + 1))
_WAITING: Final = ("received", *_FAILED)
_SETTLED: Final = ("held", "done", "rejected", "dead")
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO})


class SpoolFull(Exception):
    """The disk takes no more; the sender must keep the mail and come back."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who brought the mail and for whom: the facts no header can be trusted with."""

    sender: str
    recipients: tuple[str, ...]
    peer: str
    protocol: str
    received_at: float


@dataclass(frozen=True, slots=True)
class Entry:
    """One mail in the spool; its name is the hash of its recipients and bytes."""

    name: str
    state: str
    envelope: Envelope
    raw: bytes

    @property
    def attempts(self) -> int:
        return _WAITING.index(self.state) if self.state in _WAITING else 0


class Spool:
    """A directory per state; a mail moves between them by rename alone."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for state in ("tmp", *_WAITING, *_SETTLED):
            (root / state).mkdir(parents=True, exist_ok=True, mode=0o700)
        self._sweep_tmp()

    def put(self, envelope: Envelope, raw: bytes) -> str:
        """Store and sync a mail; the same mail again is answered the same way and stored once."""
        name = entry_name(envelope, raw)
        known = self.state_of(name)
        if known is not None:
            # The first copy may be renamed but not yet synced.
            _sync_directory(self.root / known)
            return name
        tmp = self.root / "tmp" / f"{name}.{os.getpid()}.{time.monotonic_ns()}"
        try:
            self._write(tmp, envelope, raw)
            tmp.rename(self.root / "received" / name)
            _sync_directory(self.root / "received")
        except OSError as error:
            with suppress(OSError):
                tmp.unlink()
            if error.errno in _NO_ROOM:
                raise SpoolFull(errno.errorcode[error.errno or 0]) from error
            raise
        return name

    def state_of(self, name: str) -> str | None:
        return next(
            (state for state in (*_WAITING, *_SETTLED) if (self.root / state / name).exists()), None
        )

    def due(self, now: float) -> list[str]:
        """Names that may be worked on now, oldest first."""
        found: list[tuple[float, str]] = []
        for attempt, state in enumerate(_WAITING):
            wait = RETRY_SECONDS[attempt - 1] if attempt else 0
            found += [(since, name) for since, name in self._listing(state) if since + wait <= now]
        return [name for _, name in sorted(found)]

    def read(self, name: str) -> Entry:
        state = self.state_of(name)
        if state is None:
            raise FileNotFoundError(name)
        head, _, raw = (self.root / state / name).read_bytes().partition(b"\n")
        fields = json.loads(head)
        envelope = Envelope(**{**fields, "recipients": tuple(fields["recipients"])})
        return Entry(name, state, envelope, raw)

    def settle(self, entry: Entry, state: str) -> None:
        """Move a mail to its end: done, held, rejected or dead."""
        self._move(entry, state)

    def postpone(self, entry: Entry) -> str:
        """Put a failed mail back for later; after the last try it is dead, and kept."""
        attempt = entry.attempts
        state = _FAILED[attempt] if attempt < len(_FAILED) else "dead"
        self._move(entry, state)
        return state

    def purge(self, older_than: float, states: Sequence[str] = ("done", "rejected")) -> int:
        """Forget raw mail settled before the given time."""
        old = [
            (state, name)
            for state in states
            for since, name in self._listing(state)
            if since < older_than
        ]
        for state, name in old:
            (self.root / state / name).unlink(missing_ok=True)
        return len(old)

    def depth(self) -> dict[str, int]:
        return {state: sum(1 for _ in self._listing(state)) for state in (*_WAITING, *_SETTLED)}

    @contextmanager
    def sole_reader(self) -> Iterator[bool]:
        """Let one process at a time work the spool; the others get False and wait."""
        lock = os.open(self.root / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True
        finally:
            os.close(lock)

    def _move(self, entry: Entry, state: str) -> None:
        source, target = self.root / entry.state / entry.name, self.root / state / entry.name
        os.utime(source)
        source.rename(target)
        _sync_directory(target.parent)

    def _listing(self, state: str) -> Iterator[tuple[float, str]]:
        with os.scandir(self.root / state) as entries:
            for item in entries:
                with suppress(FileNotFoundError):
                    yield item.stat().st_mtime, item.name

    @staticmethod
    def _write(path: Path, envelope: Envelope, raw: bytes) -> None:
        head = json.dumps(asdict(envelope)).encode() + b"\n"
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(head)
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())

    def _sweep_tmp(self) -> None:
        # What lies here was never acknowledged, so its sender still has it.
        for leftover in (self.root / "tmp").iterdir():
            if time.time() - leftover.stat().st_mtime > 3600:
                leftover.unlink(missing_ok=True)


def entry_name(envelope: Envelope, raw: bytes) -> str:
    digest = hashlib.sha256("\n".join(sorted(envelope.recipients)).encode())
    digest.update(b"\n\n")
    digest.update(raw)
    return digest.hexdigest()


def for_recipient(entry: Entry, recipient: str) -> Entry:
    """Look at an entry as if it had come for one recipient alone."""
    return replace(entry, envelope=replace(entry.envelope, recipients=(recipient,)))


def _sync_directory(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
