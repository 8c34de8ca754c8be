"""Canonical JSON (RFC 8785) for the values we emit: text, integers, true, false, null."""

import json

from .jsonsafe import MAX_INTEGER, Json


def canonical(value: Json) -> bytes:
    """The one byte form of a value, to be hashed and signed."""
    ordered = _ordered(value)
    return json.dumps(ordered, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _ordered(value: Json) -> Json:
    if isinstance(value, dict):
        return {name: _ordered(value[name]) for name in sorted(value, key=_utf16)}
    if isinstance(value, list):
        return [_ordered(item) for item in value]
    if isinstance(value, float):
        raise TypeError("a fraction has no canonical form here")
    if isinstance(value, int) and abs(value) > MAX_INTEGER:
        raise ValueError("an integer beyond 2^53 has no canonical form")
    return value


def _utf16(name: str) -> bytes:
    # RFC 8785 3.2.3 sorts by UTF-16 code units, which is not the order of code points.
    return name.encode("utf-16-be")
