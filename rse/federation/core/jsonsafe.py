"""Strict JSON: bytes from a stranger become a dict, or one kind of error."""

import json
from collections.abc import Iterator

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]
JsonObject = dict[str, Json]

MAX_DEPTH = 32
MAX_NODES = 10_000
MAX_INTEGER = 2**53 - 1
MAX_DIGITS = 17


class Malformed(ValueError):
    """The document is not what we accept; the text says why, for the audit log."""


def parse(body: bytes, *, max_nodes: int = MAX_NODES) -> JsonObject:
    """Read one JSON object, refusing everything two parsers could read differently."""
    try:
        document = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_int=_integer,
            parse_float=_no_float,
            parse_constant=_no_float,
        )
    except UnicodeDecodeError:
        raise Malformed("not UTF-8") from None
    except RecursionError:
        raise Malformed("nested too deeply") from None
    except json.JSONDecodeError as error:
        raise Malformed(f"not JSON: {error.msg}") from None
    if not isinstance(document, dict):
        raise Malformed("not an object")
    _inspect(document, max_nodes)
    return document


def _unique(pairs: list[tuple[str, Json]]) -> JsonObject:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise Malformed("a member is named twice")
    return document


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS or abs(value := int(digits)) > MAX_INTEGER:
        raise Malformed("an integer is too large")
    return value


def _no_float(text: str) -> Json:
    raise Malformed("only integers are numbers here")


def _inspect(document: JsonObject, max_nodes: int) -> None:
    """Walk without recursion: the depth of the input must not be the depth of our stack."""
    nodes = 0
    pending: list[tuple[Json, int]] = [(document, 1)]
    while pending:
        value, depth = pending.pop()
        nodes += 1
        if depth > MAX_DEPTH:
            raise Malformed("nested too deeply")
        if nodes > max_nodes:
            raise Malformed("too many values")
        if isinstance(value, str):
            _text(value)
        elif isinstance(value, list | dict):
            pending.extend((child, depth + 1) for child in _children(value))


def _children(value: list[Json] | JsonObject) -> Iterator[Json]:
    if isinstance(value, list):
        yield from value
        return
    for name, child in value.items():
        _text(name)
        yield child


def _text(text: str) -> None:
    if "\x00" in text:
        raise Malformed("a text holds NUL")
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise Malformed("a text holds a lone surrogate")
