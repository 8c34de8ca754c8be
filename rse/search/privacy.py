"""Search keeps only copies: an export has the things themselves, an erasure drops the words."""

from collections.abc import Mapping
from typing import Any

from .models import FreshDocument, IndexedText


async def export(person_id: int) -> Mapping[str, Any]:
    return {}


async def erase(person_id: int) -> None:
    """The person is no longer found; what they wrote follows its own feature's answer."""
    await IndexedText.filter(id=person_id).delete()
    await FreshDocument.filter(id=person_id).delete()
