"""Walks the parts of the product: what they keep of a person, and its removal."""

import asyncio
import io
import zipfile
from collections.abc import Mapping
from typing import Any

import orjson

from rse.kernel import clock
from rse.kernel.db import transaction
from rse.kernel.ids import to_public

from .answers import answers


async def export(person_id: int) -> dict[str, Mapping[str, Any]]:
    """Everything kept of a person, by part; parts that keep nothing are left out."""
    found = {}
    for name, privacy in answers.items():
        if content := await privacy.export(person_id):
            found[name] = content
    return found


async def archive(person_id: int) -> bytes:
    """Everything as one ZIP file: a readable JSON file for each part, and a list of them."""
    found = await export(person_id)
    about = {
        "person": to_public(person_id),
        "made_at": clock.now(),
        "files": [f"{name}.json" for name in found],
    }
    return await asyncio.to_thread(_packed, {"about": about, **found})


def _packed(parts: Mapping[str, Mapping[str, Any]]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            options = orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS
            file.writestr(f"{name}.json", orjson.dumps(content, default=_plain, option=options))
    return target.getvalue()


def _plain(value: object) -> object:
    """What JSON has no word for: bytes by their length, the rest as text."""
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    return str(value)


async def erase(person_id: int) -> None:
    """Have every part remove what it keeps of a person: all or nothing, features first."""
    async with transaction():
        for privacy in reversed(answers.values()):
            await privacy.erase(person_id)
