"""Changes to one's bookmarks."""

from pydantic import BaseModel, Field, field_validator
from tortoise.exceptions import IntegrityError

from rse.feed import queries as feed
from rse.identity.models import Person
from rse.kernel.db import transaction
from rse.kernel.errors import Invalid, NotFound
from rse.kernel.i18n import gettext as _
from rse.kernel.text import clean_line

from . import queries
from .models import Bookmark, Folder

MOST_FOLDERS = 50


class FolderDraft(BaseModel):
    """The name of a folder."""

    name: str = Field(max_length=60)

    @field_validator("name")
    @classmethod
    def _a_real_name(cls, value: str) -> str:
        cleaned = clean_line(value, 60)
        if not cleaned:
            raise ValueError(_("Fill in this field."))
        return cleaned


async def keep(person: Person, post_id: int) -> None:
    """Bookmark a post one may read; doing it twice changes nothing."""
    await feed.post_for(person, post_id)
    async with transaction():
        await Bookmark.bulk_create(
            [Bookmark(person_id=person.id, post_id=post_id)], ignore_conflicts=True
        )


async def drop(person: Person, post_id: int) -> None:
    """Forget a bookmark, also of a post one may not read any more."""
    await Bookmark.filter(person_id=person.id, post_id=post_id).delete()


async def toggle(person: Person, post_id: int) -> bool:
    """Keep or drop; whether it is kept now."""
    if await Bookmark.exists(person_id=person.id, post_id=post_id):
        await drop(person, post_id)
        return False
    await keep(person, post_id)
    return True


async def move(person: Person, post_id: int, folder_id: int | None) -> None:
    """Put a bookmark into a folder, or into none."""
    if folder_id is not None:
        await queries.folder_for(person, folder_id)
    if not await Bookmark.filter(person_id=person.id, post_id=post_id).update(folder_id=folder_id):
        raise NotFound(_("This post is not among your bookmarks any more."))


async def create_folder(person: Person, draft: FolderDraft) -> Folder:
    """Open a folder; two of the same name would be one too many."""
    if await Folder.filter(person_id=person.id).count() >= MOST_FOLDERS:
        sentence = _("You can have at most %(n)s folders.", n=MOST_FOLDERS)
        raise Invalid(sentence, {"name": sentence})
    try:
        async with transaction():
            return await Folder.create(person=person, name=draft.name)
    except IntegrityError:
        sentence = _("You already have a folder of this name.")
        raise Invalid(sentence, {"name": sentence}) from None


async def delete_folder(person: Person, folder_id: int) -> None:
    """Remove a folder; what was in it stays among one's bookmarks."""
    await queries.folder_for(person, folder_id)
    async with transaction():
        await Bookmark.filter(person_id=person.id, folder_id=folder_id).update(folder_id=None)
        await Folder.filter(id=folder_id, person_id=person.id).delete()
