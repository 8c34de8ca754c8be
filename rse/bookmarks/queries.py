"""Reads of bookmarks: only one's own, and only of posts one may still read."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rse.feed.rows import PostRow
from rse.identity.models import Person
from rse.kernel.errors import NotFound
from rse.kernel.i18n import gettext as _
from rse.kernel.pages import LIMIT, NEWEST, Page, page_of
from rse.kernel.reads import rows

from .models import Folder

_OWN = """
SELECT b.id, b.post_id, b.folder_id
FROM bookmark b JOIN post p ON p.id = b.post_id JOIN space s ON s.id = p.space_id
LEFT JOIN membership m
  ON m.space_id = s.id AND m.person_id = b.person_id AND m.status = 'joined'
WHERE b.person_id = ? AND b.id < ? AND p.deleted_at IS NULL AND NOT s.is_closed
  AND (m.id IS NOT NULL OR s.access = 'open') {only}
ORDER BY b.id DESC LIMIT ?
"""


class Kept(NamedTuple):
    """A bookmark."""

    id: int
    post_id: int
    folder_id: int | None


class _Id(NamedTuple):
    id: int


async def page(
    person: Person, *, folder_id: int | None = None, cursor: int = NEWEST, limit: int = LIMIT
) -> Page[Kept]:
    """One's bookmarks, the latest first; of one folder, if one is named."""
    only = "AND b.folder_id = ?" if folder_id else ""
    values = [person.id, cursor, *([folder_id] if folder_id else []), limit + 1]
    found = await rows(Kept, _OWN.format(only=only), *values)
    return page_of(found, lambda kept: kept.id, limit)


async def folders(person: Person) -> list[Folder]:
    return await Folder.filter(person_id=person.id).order_by("name")


async def folder_for(person: Person, folder_id: int) -> Folder:
    """One's own folder; one answer otherwise."""
    found = await Folder.get_or_none(id=folder_id, person_id=person.id)
    if found is None:
        raise NotFound(_("This folder does not exist, or not any more."))
    return found


async def marked(person: Person, post_ids: Sequence[int]) -> set[int]:
    """Which of these posts the person keeps."""
    marks = ",".join("?" * len(post_ids))
    sql = f"SELECT post_id FROM bookmark WHERE person_id = ? AND post_id IN ({marks})"  # noqa: S608
    return {row.id for row in await rows(_Id, sql, person.id, *post_ids)}


async def parts_of(
    reader: Person, shown: Sequence[PostRow], _moderated: Mapping[int, bool]
) -> dict[int, object]:
    """For each card, whether the reader keeps it. Hot: on every page with cards."""
    kept = await marked(reader, [row.id for row in shown])
    return {row.id: row.id in kept for row in shown}
