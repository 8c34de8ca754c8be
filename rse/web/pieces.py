"""Finished pieces of pages, each kept under everything that decides what it shows.

Nothing is ever taken back: a piece is found under an equal key alone, so what changed is another
piece, and when there is no room the one that was not shown for longest goes.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Hashable

from jinja2 import Environment, pass_environment
from markupsafe import Markup

from rse.kernel import i18n

MOST_CHARACTERS = 32_000_000
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


class Pieces:
    """Markup by key, up to so many characters."""

    def __init__(self, most_characters: int = MOST_CHARACTERS) -> None:
        self._room = most_characters
        self._kept: OrderedDict[Hashable, Markup] = OrderedDict()

    def get(self, key: Hashable, render: Callable[[], str]) -> Markup:
        """The piece of this key; rendered when there is none."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            return found
        # Templates escape; what comes out is HTML of ours. One emoji would quadruple the bytes of
        # every page it comes into: as a reference it reads the same.
        made = self._kept[key] = Markup(_ASTRAL.sub(_reference, render()))  # noqa: S704
        self._room -= len(made)
        while self._room < 0 and len(self._kept) > 1:
            _oldest, gone = self._kept.popitem(last=False)
            self._room += len(gone)
        return made

    def clear(self) -> None:
        """Forget all; for measuring what a piece costs."""
        for gone in self._kept.values():
            self._room += len(gone)
        self._kept.clear()


pieces = Pieces()


def _reference(found: re.Match[str]) -> str:
    return f"&#{ord(found[0])};"


def surroundings(environment: Environment) -> Hashable:
    """What decides every piece: the theme's templates, the language and the zone."""
    return environment, i18n.current_language(), i18n.current_zone()


@pass_environment
def keep(environment: Environment, *key: object, caller: Callable[[], str]) -> Markup:
    """`{% call keep("name", …) %}…{% endcall %}`: rendered only when a key is new.

    The key names the piece and holds every value the block shows.
    """
    return pieces.get((surroundings(environment), tuple([_fixed(part) for part in key])), caller)


def _fixed(part: object) -> Hashable:
    """Lists and mappings of templates, as they can stand in a key."""
    if isinstance(part, list):
        return tuple(part)
    return tuple(part.items()) if isinstance(part, dict) else part
