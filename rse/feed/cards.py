"""Cards: rows become what a template shows; the part that is the same for all is kept.

The cache holds the finished HTML of a card's still part by (row, files, language, zone); the
reader's own state is laid over it, so a reaction or a rename never shows stale words.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jinja2 import Environment
from markupsafe import Markup

from rse.files.queries import FileCard, files_of
from rse.identity.models import Person
from rse.kernel import clock, i18n
from rse.kernel.text import to_plain

from . import queries
from .rows import CommentRow, PostRow
from .sockets import CardPart, card_parts

FOLD_LINES, FOLD_CHARACTERS = 12, 900
MENU_MARK = "<!--menu-->"


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
    files: Sequence[FileCard] = ()
    mine: set[str] = field(default_factory=set)
    last: CommentRow | None = None
    is_unread: bool = False
    may_edit: bool = False
    may_delete: bool = False
    still: Markup | None = None
    parts: list[tuple[CardPart, object]] = field(default_factory=list)

    @property
    def author(self) -> Face:
        row = self.row
        return Face(
            row.author_id, row.author_name, row.author_title, row.author_avatar,
            row.author_status == "active",
        )  # fmt: skip

    @property
    def is_pin(self) -> bool:
        return any(part.is_pin for part, _value in self.parts)

    def at(self, place: str) -> list[tuple[str, object]]:
        """What features above the feed show at a place: template and value."""
        return [(part.templates[place], v) for part, v in self.parts if place in part.templates]

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


class StillParts:
    """The finished, reader-independent HTML of cards, the least used going first."""

    def __init__(self, size: int = 20_000) -> None:
        self._size = size
        self._kept: OrderedDict[tuple[object, ...], Markup] = OrderedDict()

    def of(self, card: Card, environment: Environment) -> Markup:
        """Relative times age, so a part is kept for the hour it was made in at most."""
        hour = int(clock.now().timestamp()) // 3600
        key = (
            card.row.still,
            tuple(card.files),
            i18n.current_language(),
            i18n.current_zone(),
            hour,
        )
        found = self._kept.get(key)
        if found is None:
            template = environment.get_template("feed/_still.html")
            # The template escapes; what comes out is HTML of ours.
            html = template.render(card=card)
            found = self._kept[key] = Markup(html)  # noqa: S704
            if len(self._kept) > self._size:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        return found

    def clear(self) -> None:
        self._kept.clear()


still_parts = StillParts()


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
    targets = [row.id for row in found]
    mine = await queries.own_reactions(reader.id, targets)
    made = [Card(row, files.get(row.id, ()), last=last.get(row.id)) for row in found]
    for card in made:
        own = card.row.author_id == reader.id
        ours = card.row.organisation_id == reader.organisation_id
        card.mine = {emoji for target, emoji in mine if target == card.row.id}
        card.is_unread = card.row.id > seen_id and not own
        card.may_edit = own
        card.may_delete = own or (ours and (moderated or {}).get(card.row.space_id, False))
        card.still = still_parts.of(card, environment)
    await _lay_parts(reader, made, moderated or {})
    return made


async def _lay_parts(reader: Person, made: list[Card], moderated: Mapping[int, bool]) -> None:
    for part in card_parts.values():
        found = await part.load(reader, [card.row for card in made], moderated) if made else {}
        for card in made:
            if card.row.id in found:
                card.parts.append((part, found[card.row.id]))


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
