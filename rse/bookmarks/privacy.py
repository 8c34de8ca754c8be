"""What bookmarks keep of a person, in their export and erasure."""

from collections.abc import Mapping
from typing import Any

from .models import Bookmark, Folder


async def export(person_id: int) -> Mapping[str, Any]:
    return {
        "bookmarks": await Bookmark.filter(person_id=person_id).values("post_id", "folder__name"),
        "folders": await Folder.filter(person_id=person_id).values("name"),
    }


async def erase(person_id: int) -> None:
    await Bookmark.filter(person_id=person_id).delete()
    await Folder.filter(person_id=person_id).delete()
