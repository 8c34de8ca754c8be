"""Cards: rows become what a template shows; a finished card is kept for all who see the same.

The key of a kept card holds every value it shows: the rows, the reader's own reactions and rights,
what other features lay over it, and its times in words. So whatever changes makes another card, and
the same one serves everybody for whom nothing differs.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from jinja2 import Environment
from markupsafe import Markup

from rse.files.queries import FileCard, files_of
from rse.identity.models import Person
from rse.kernel import clock, i18n
from rse.kernel.ids import minutes_since
from rse.kernel.text import to_plain
from rse.web.pieces import pieces, surroundings

from . import queries
from .rows import CommentRow, PostRow
from .sockets import card_parts

FOLD_LINES, FOLD_CHARACTERS = 12, 900


@dataclass(frozen=True, slots=True)
class Face:
    """What an avatar and a name need."""

    id: int
    display_name: str
    title: str
    avatar_digest: str | None
    is_active: bool


@dataclass(slots=True)
class Card:
    """A post for one reader."""

    row: PostRow
    environment: Environment
    now: datetime
    files: tuple[FileCard, ...] = ()
    mine: frozenset[str] = frozenset()
    last: CommentRow | None = None
    is_unread: bool = False
    may_edit: bool = False
    may_delete: bool = False
    # What features above the feed lay over it, by their name.
    values: dict[str, Hashable] = field(default_factory=dict)

    def html(self, *, whole: bool = False) -> Markup:
        """The finished card; `whole` on the post's own page: unfolded, comments stand below it."""
        last = None if whole else self.last
        template = "feed/_post.html"
        return pieces.get(
            ("card", whole, self._decided_by(last)),
            lambda: self.environment.get_template(template).render(
                card=self, last=last, whole=whole
            ),
        )

    def _decided_by(self, last: CommentRow | None) -> Hashable:
        """Every value that the template shows."""
        return (
            surroundings(self.environment),
            self.now.year,  # the dates of other years are told with it
            self.row,
            i18n.format_age(minutes_since(self.row.id, self.now)),
            last,
            i18n.format_age(minutes_since(last.id, self.now)) if last else "",
            self.files,
            self.mine,
            (self.is_unread, self.may_edit, self.may_delete),
            tuple(self.values.items()),
        )

    @property
    def author(self) -> Face:
        row = self.row
        return Face(
            row.author_id, row.author_name, row.author_title, row.author_avatar,
            row.author_status == "active",
        )  # fmt: skip

    @property
    def is_pin(self) -> bool:
        return any(card_parts[name].is_pin for name in self.values)

    def at(self, place: str) -> list[tuple[str, object]]:
        """What features above the feed show at a place: template and value."""
        return [
            (card_parts[name].templates[place], value)
            for name, value in self.values.items()
            if place in card_parts[name].templates
        ]

    @property
    def images(self) -> list[FileCard]:
        return [file for file in self.files if file.is_image and file.comment_id is None]

    @property
    def documents(self) -> list[FileCard]:
        return [file for file in self.files if not file.is_image and file.comment_id is None]

    @property
    def is_long(self) -> bool:
        plain = to_plain(self.row.html)
        return len(plain) > FOLD_CHARACTERS or plain.count("\n") > FOLD_LINES


def face(row: CommentRow) -> Face:
    return Face(
        row.author_id, row.author_name, row.author_title, row.author_avatar,
        row.author_status == "active",
    )  # fmt: skip


async def cards(
    reader: Person,
    post_ids: Sequence[int],
    environment: Environment,
    *,
    seen_id: int = (1 << 63) - 1,
    moderated: Mapping[int, bool] | None = None,
) -> list[Card]:
    """The cards of a page for one reader: four reads, and one a part, however many posts."""
    found = await queries.post_rows(post_ids)
    files = await files_of([row.id for row in found])
    last = await queries.last_comments([row.last_comment_id for row in found])
    mine = await queries.own_reactions(reader.id, [row.id for row in found])
    made, now = [], clock.now()
    for row in found:
        own = row.author_id == reader.id
        ours = row.organisation_id == reader.organisation_id
        made.append(
            Card(
                row,
                environment,
                now,
                tuple(files.get(row.id, ())),
                mine=frozenset([emoji for target, emoji in mine if target == row.id]),
                last=last.get(row.id),
                is_unread=row.id > seen_id and not own,
                may_edit=own,
                may_delete=own or (ours and (moderated or {}).get(row.space_id, False)),
            )
        )
    await _lay_parts(reader, made, moderated or {})
    return made


def in_a_row(shown: Sequence[Card], line_id: int, line: Markup) -> Markup:
    """Finished cards one below the other, a line before the first that was seen before."""
    pieces_of = [card.html() for card in shown]
    if line_id:
        seen = next((n for n, card in enumerate(shown) if card.row.id <= line_id), 0)
        pieces_of[seen:seen] = [line] if seen else []
    return Markup("\n").join(pieces_of)


async def _lay_parts(reader: Person, made: list[Card], moderated: Mapping[int, bool]) -> None:
    shown = [card.row for card in made]
    for name, part in card_parts.items() if made else ():
        found = await part.load(reader, shown, moderated)
        for card in made:
            if card.row.id in found:
                card.values[name] = found[card.row.id]


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment and its answers, for one reader."""

    row: CommentRow
    mine: set[str]
    is_own: bool
    may_delete: bool
    files: Sequence[FileCard]
    answers: Sequence["CommentView"] = ()

    @property
    def author(self) -> Face:
        return face(self.row)


def threads(views: Sequence[CommentView]) -> list[CommentView]:
    """Comments with their answers below them; traces only where something hangs on them."""
    answers: dict[int, list[CommentView]] = {}
    for view in views:
        if view.row.parent_id is not None and view.row.deleted_at is None:
            answers.setdefault(view.row.parent_id, []).append(view)
    return [
        CommentView(
            view.row,
            view.mine,
            view.is_own,
            view.may_delete,
            view.files,
            answers.get(view.row.id, ()),
        )
        for view in views
        if view.row.parent_id is None and (view.row.deleted_at is None or view.row.id in answers)
    ]
