"""Files in a person's export and erasure."""

from collections.abc import Mapping
from typing import Any

from . import actions
from .models import StoredFile, Upload


async def export(person_id: int) -> Mapping[str, Any]:
    return {
        "files": await StoredFile.filter(uploader_id=person_id).values(
            "name", "media_type", "size", "digest"
        )
    }


async def erase(person_id: int) -> None:
    """Uploads that were never published go; published ones belong to their post."""
    for file in await StoredFile.filter(uploader_id=person_id, post_id=None):
        await actions.remove(file)
    for upload in await Upload.filter(uploader_id=person_id):
        await actions.forget(upload)
