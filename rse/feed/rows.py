"""What the feed's hot reads return: typed rows, in the order of their columns."""

from datetime import datetime
from typing import NamedTuple

import orjson

from rse.kernel.ids import made_at


class PostRow(NamedTuple):
    """A post as a card shows it. The whole row is part of the key of its kept card."""

    id: int
    version: int
    kind: str
    title: str
    html: str
    edited_at: object
    comment_count: int
    reaction_counts: object
    last_comment_id: int
    by_mail: int
    author_id: int
    author_name: str
    author_title: str
    author_avatar: str | None
    author_status: str
    organisation_id: int
    organisation: str
    is_ours: int
    space_id: int
    space_name: str
    space_access: str
    space_category: int
    space_is_company: int
    space_organisation: str
    space_is_ours: int
    edited_by_id: int | None
    shared_id: int | None
    is_locked: int

    @property
    def by_moderator(self) -> bool:
        """Whether the last edit was somebody else's than the author's."""
        return self.edited_by_id not in (None, self.author_id)

    @property
    def made_at(self) -> datetime:
        return made_at(self.id)

    @property
    def counts(self) -> dict[str, int]:
        return counts_of(self.reaction_counts)


class CommentRow(NamedTuple):
    """A comment as it is shown, with its author."""

    id: int
    version: int
    post_id: int
    parent_id: int | None
    html: str
    edited_at: object
    deleted_at: object
    reaction_counts: object
    by_mail: int
    author_id: int
    author_name: str
    author_title: str
    author_avatar: str | None
    author_status: str
    organisation: str
    is_ours: int

    @property
    def made_at(self) -> datetime:
        return made_at(self.id)

    @property
    def counts(self) -> dict[str, int]:
        return counts_of(self.reaction_counts)


class Mine(NamedTuple):
    """One of the reader's own reactions."""

    target_id: int
    emoji: str


class Reactor(NamedTuple):
    """Somebody's reaction."""

    id: int
    emoji: str
    person_id: int
    name: str
    title: str
    avatar: str | None
    organisation: str
    is_ours: int


class SharedRow(NamedTuple):
    """What a post that shows another one says of it; `source_id` is that other one."""

    id: int
    source_id: int
    title: str
    html: str
    author_id: int
    author_name: str
    author_avatar: str | None
    organisation: str
    is_ours: int
    space_name: str
    is_readable: int


class Visit(NamedTuple):
    """Where the last visit of the home page ended."""

    newest_id: int
    line_id: int
    line_at: object
    seen_at: object
    view: str
    sort: str

    @property
    def line(self) -> int:
        """The newest post of the visit before this one."""
        return self.line_id or self.newest_id

    @property
    def at(self) -> datetime:
        return moment_of(self.line_at or self.seen_at)


class Id(NamedTuple):
    id: int


class Number(NamedTuple):
    value: int


def counts_of(stored: object) -> dict[str, int]:
    """Reaction counts: text in rows, so that they can be part of a key; read in objects."""
    if isinstance(stored, str | bytes):
        return dict(orjson.loads(stored))
    return dict(stored) if isinstance(stored, dict) else {}


def moment_of(stored: object) -> datetime:
    """A moment: text on SQLite, already read on PostgreSQL."""
    return stored if isinstance(stored, datetime) else datetime.fromisoformat(str(stored))
