"""Cards as JSON: what is the same for all readers is written once, the reader's own beside it."""

from collections.abc import Sequence
from functools import lru_cache

import orjson

from rse.files.queries import FileCard
from rse.kernel.ids import to_public

from .cards import Card
from .rows import CommentRow, PostRow


def cards_json(shown: Sequence[Card]) -> list[dict[str, object]]:
    """The cards of a page, for a program that reads for the same person."""
    return [
        {
            "post": orjson.Fragment(_post(card.row, card.files)),
            "last_comment": orjson.Fragment(_comment(card.last)) if card.last else None,
            "reactions": card.row.counts,
            "my_reactions": sorted(card.mine),
            "unread": card.is_unread,
            "may_edit": card.may_edit,
            "may_delete": card.may_delete,
        }
        for card in shown
    ]


@lru_cache(5_000)
def _post(row: PostRow, files: tuple[FileCard, ...]) -> bytes:
    return orjson.dumps(
        {
            "id": to_public(row.id),
            "url": f"/posts/{to_public(row.id)}",
            "kind": row.kind,
            "version": row.version,
            "title": row.title,
            "html": row.html,
            "made_at": row.made_at,
            "edited": bool(row.edited_at),
            "author": _author(row),
            "space": {"id": to_public(row.space_id), "name": row.space_name},
            "comments": row.comment_count,
            "files": [
                {"id": to_public(file.id), "name": file.name, "size": file.size}
                for file in files
                if file.comment_id is None
            ],
        }
    )


@lru_cache(5_000)
def _comment(row: CommentRow) -> bytes:
    return orjson.dumps(
        {
            "id": to_public(row.id),
            "html": row.html,
            "made_at": row.made_at,
            "author": _author(row),
        }
    )


def _author(row: PostRow | CommentRow) -> dict[str, object]:
    return {
        "id": to_public(row.author_id),
        "name": row.author_name,
        "company": None if row.is_ours else row.organisation,
    }
