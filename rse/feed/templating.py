"""What the feed's templates call: lists of reactions and pictures, words of HTML, fresh keys."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from rse.config import settings
from rse.files.queries import FileCard
from rse.kernel.ids import made_at, to_public
from rse.kernel.text import excerpt, to_plain
from rse.web.marks import FRESH_KEY

from .cards import in_a_row
from .last_day import last_day_text
from .sockets import ComposeButton, compose_buttons


def reaction_list(
    counts: Mapping[str, int], mine: Collection[str]
) -> list[tuple[str, int, bool, str]]:
    """(emoji, count, mine, who) in the instance's order; what it no longer offers comes last."""
    offered = settings().community.reactions
    order = {emoji: n for n, emoji in enumerate(offered)}
    return [
        (emoji, count, emoji in mine, "")
        for emoji, count in sorted(counts.items(), key=lambda item: order.get(item[0], 99))
    ]


def reaction_set() -> list[str]:
    return settings().community.reactions


def picture_list(files: Sequence[FileCard]) -> list[tuple[str, str, str]]:
    """(address, alternative text, link) of each picture."""
    return [
        (f"/files/{to_public(f.id)}/preview.webp", f.name, f"/files/{to_public(f.id)}/preview.webp")
        for f in files
    ]


def plain(html: str, length: int) -> str:
    """The beginning of an HTML text, as words."""
    return excerpt(to_plain(html), length)


def fresh_key() -> str:
    """A key for a form, so that sending it twice does it once; new in each form of each page."""
    return FRESH_KEY


def more_buttons() -> list[ComposeButton]:
    """What the composer offers beside publishing."""
    return list(compose_buttons.values())


GLOBALS: dict[str, Callable[..., Any]] = {
    "reaction_set": reaction_set,
    "fresh_key": fresh_key,
    "more_buttons": more_buttons,
    "in_a_row": in_a_row,
}
FILTERS: dict[str, Callable[..., Any]] = {
    "reaction_list": reaction_list,
    "picture_list": picture_list,
    "plain": plain,
    "excerpt": excerpt,
    "last_day": last_day_text,
    "made_at": made_at,
}
