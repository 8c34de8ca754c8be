"""Structured logs: one JSON object a line, with a request id and no personal content."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import orjson

_context: ContextVar[dict[str, object]] = ContextVar("log_context")
# Fields may have keys that are no strings, and numbers as large as ids.
_LENIENT = orjson.OPT_NON_STR_KEYS
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


@contextmanager
def context(**fields: object) -> Iterator[None]:
    """Add fields to every line logged inside the block."""
    token = _context.set({**_context.get({}), **fields})
    try:
        yield
    finally:
        _context.reset(token)


def bind(**fields: object) -> None:
    """Add fields to every line for the rest of this task; for edges that own their task."""
    _context.set({**_context.get({}), **fields})


def bound(name: str) -> str:
    """A field that was bound, such as `request`; empty when there is none."""
    return str(_context.get({}).get(name, ""))


class JsonLines(logging.Formatter):
    """A record as one JSON object; `extra` fields are kept, secrets never belong there."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "area": record.name,
            "message": record.getMessage(),
            **_context.get({}),
            **{key: getattr(record, key) for key in vars(record).keys() - _OWN},
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str, option=_LENIENT).decode()


def configure(level: str = "info", *, as_json: bool = True) -> None:
    """Send logs to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        JsonLines() if as_json else logging.Formatter("%(levelname).1s %(name)s %(message)s")
    )
    # What no line of ours shows is not collected (the logging HOWTO, "Optimization").
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None  # noqa: SLF001 - documented there
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for noisy in ("hypercorn.access", "hypercorn.error", "aiosqlite", "tortoise", "mail.log"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
