"""Reads of drafts: only one's own."""

from collections.abc import Sequence

from rse.feed.models import Comment, Post
from rse.identity.models import Person
from rse.kernel.errors import NotFound
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import parse_public

from .models import SavedDraft

MOST = 100


async def own(person: Person) -> list[SavedDraft]:
    """What one began, the last touched first."""
    return await SavedDraft.filter(person_id=person.id).order_by("-saved_at").limit(MOST)


async def draft_for(person: Person, draft_id: int) -> SavedDraft:
    """One's own draft; one answer otherwise."""
    found = await SavedDraft.get_or_none(id=draft_id, person_id=person.id)
    if found is None:
        raise NotFound(_("This draft was sent or thrown away."))
    return found


async def newest_at(person: Person, place: str) -> SavedDraft | None:
    """What one last wrote in a form of this kind, perhaps on another device."""
    found = SavedDraft.filter(person_id=person.id, place=place)
    return await found.order_by("-saved_at").first()


async def was_sent(person: Person, key: str) -> bool:
    """Whether the form of this key has become a post or a comment."""
    return await Post.exists(author_id=person.id, sent_key=key) or await Comment.exists(
        author_id=person.id, sent_key=key
    )


async def post_of(draft: SavedDraft) -> tuple[int | None, int | None]:
    """The post, and the comment, that a draft answers; its reader's right is asked elsewhere."""
    kind, _dash, public = draft.place.partition("-")
    if kind == "c":
        return parse_public(public), None
    if kind == "re":
        comment = await Comment.get_or_none(id=parse_public(public))
        return (comment.post_id if comment else None), parse_public(public)
    return None, None


async def wanted_files(file_ids: Sequence[int]) -> set[int]:
    """Those of the unattached files that a draft still holds."""
    kept = await SavedDraft.exclude(files=[]).values_list("files", flat=True)
    return {parse_public(text) for files in kept for text in files}.intersection(file_ids)
