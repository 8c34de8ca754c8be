"""What the feed's templates call: lists of reactions and pictures, words of HTML, fresh keys."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from rse.config import settings
from rse.files.queries import FileCard
from rse.kernel.crypto import token
from rse.kernel.ids import made_at, to_public
from rse.kernel.text import excerpt, to_plain

from .audience import Choice
from .cards import MENU_MARK
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


def with_menu(still: Markup, menu: Markup) -> Markup:
    """Put the reader's menu in the place a kept card leaves for it."""
    return Markup(str(still).replace(MENU_MARK, str(menu), 1))  # noqa: S704 - both are our own templates


def choice_pairs(choices: Sequence[Choice]) -> list[tuple[str, str]]:
    return [(choice.id, choice.label) for choice in choices]


def fresh_key() -> str:
    """A key for a form, so that sending it twice does it once."""
    return token(12)


def more_buttons() -> list[ComposeButton]:
    """What the composer offers beside publishing."""
    return list(compose_buttons.values())


GLOBALS: dict[str, Callable[..., Any]] = {
    "reaction_set": reaction_set,
    "fresh_key": fresh_key,
    "more_buttons": more_buttons,
}
FILTERS: dict[str, Callable[..., Any]] = {
    "reaction_list": reaction_list,
    "picture_list": picture_list,
    "plain": plain,
    "with_menu": with_menu,
    "choice_pairs": choice_pairs,
    "excerpt": excerpt,
    "last_day": last_day_text,
    "made_at": made_at,
}
