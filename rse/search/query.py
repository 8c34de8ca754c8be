"""What somebody typed, read: words, "phrases", -exclusions and operators. Pure; never an error."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from rse.kernel.ids import at_time

from .words import plain, spoken, stem

LONGEST_QUERY: Final = 500
MOST_CLAUSES: Final = 12
FIRST_DAY: Final = datetime(2024, 1, 1, tzinfo=UTC)
# The operators as people of our languages write them.
OPERATORS: Final = {
    "from": "from", "de": "from", "von": "from", "in": "in", "dans": "in",
    "type": "type", "typ": "type",
    "before": "before", "avant": "before", "vor": "before",
    "after": "after", "après": "after", "apres": "after", "nach": "after",
}  # fmt: skip
KINDS: Final = {
    "person": "person", "people": "person", "personne": "person", "personnes": "person",
    "personen": "person",
    "space": "space", "spaces": "space", "espace": "space", "espaces": "space",
    "bereich": "space", "bereiche": "space",
    "post": "post", "posts": "post", "publication": "post", "publications": "post",
    "beitrag": "post", "beiträge": "post",
    "comment": "comment", "comments": "comment", "commentaire": "comment",
    "commentaires": "comment", "kommentar": "comment", "kommentare": "comment",
    "file": "file", "files": "file", "fichier": "file", "fichiers": "file", "datei": "file",
    "dateien": "file",
}  # fmt: skip
_STRAIGHT = str.maketrans(dict.fromkeys("“”„‟«»", '"'))
_PIECE = re.compile(
    r'(?P<minus>-)?(?:(?P<name>[^\W\d_]+):(?:"(?P<quoted>[^"]*)"?|(?P<value>[^\s"]+))'
    r'|"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))'
)


@dataclass(frozen=True, slots=True)
class Clause:
    """One word, which may go on (`typed`), or several that stand side by side.

    `others` are the stems of known words that begin as typed or have it inside; `is_spelt_out`:
    these are all there are.
    """

    stems: tuple[str, ...]
    typed: str = ""
    others: tuple[str, ...] = ()
    is_spelt_out: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """All that a query asks for; ids between `after_id` and `before_id`."""

    wanted: tuple[Clause, ...] = ()
    excluded: tuple[Clause, ...] = ()
    authors: tuple[str, ...] = ()
    spaces: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()
    after_id: int = 0
    before_id: int = (1 << 63) - 1
    # Operators that could not be read, as they were typed: the page says so.
    unread: tuple[str, ...] = ()

    @property
    def asks_something(self) -> bool:
        narrowed = self.after_id > 0 or self.before_id < (1 << 63) - 1
        return bool(self.wanted or self.authors or self.spaces or self.kinds or narrowed)


class _Draft:
    def __init__(self) -> None:
        self.wanted: list[Clause] = []
        self.excluded: list[Clause] = []
        self.values: dict[str, list[str]] = {name: [] for name in OPERATORS.values()}
        self.unread: list[str] = []


def parse(text: str) -> Query:
    """Read a query. What cannot be read as an operator is looked for as words."""
    draft = _Draft()
    for piece in _PIECE.finditer(text[:LONGEST_QUERY].translate(_STRAIGHT)):
        operator = OPERATORS.get((piece["name"] or "").casefold())
        value = piece["quoted"] if piece["quoted"] is not None else piece["value"]
        if operator and value and not piece["minus"]:
            _take_operator(draft, operator, value, piece.group())
        else:
            _take_words(draft, piece)
    first, last = _days(draft)
    return Query(
        wanted=tuple(dict.fromkeys(draft.wanted))[:MOST_CLAUSES],
        excluded=tuple(dict.fromkeys(draft.excluded))[:MOST_CLAUSES],
        authors=tuple(draft.values["from"][:3]),
        spaces=tuple(draft.values["in"][:3]),
        kinds=frozenset(draft.values["type"]),
        after_id=first,
        before_id=last,
        unread=tuple(draft.unread[:5]),
    )


def _take_operator(draft: _Draft, operator: str, value: str, as_typed: str) -> None:
    if operator == "type":
        kind = KINDS.get(value.casefold())
        if kind is None:
            draft.unread.append(as_typed)
            return
        value = kind
    elif operator in {"before", "after"} and _day(value) is None:
        draft.unread.append(as_typed)
        return
    draft.values[operator].append(value[:80])


def _take_words(draft: _Draft, piece: re.Match[str]) -> None:
    into = draft.excluded if piece["minus"] else draft.wanted
    phrase = piece["phrase"] if piece["phrase"] is not None else piece["quoted"]
    text = phrase if phrase is not None else piece.group()
    words = [word for word in (plain(word) for word in spoken(text)) if word]
    if not words:
        return
    if phrase is None and len(words) == 1:
        into.append(Clause((stem(words[0]),), words[0]))
    else:  # parts of one written word, as in "e-mail", stand side by side, too
        into.append(Clause(tuple(stem(word) for word in words[:20])))


def _days(draft: _Draft) -> tuple[int, int]:
    """`after:` begins with the day itself, `before:` ends before it."""
    starts = [at_time(day) for text in draft.values["after"] if (day := _day(text))]
    ends = [at_time(day) for text in draft.values["before"] if (day := _day(text))]
    return max(starts, default=0), min(ends, default=(1 << 63) - 1)


def _day(text: str) -> datetime | None:
    """2026-03-01, 2026-03 or 2026, also with day first: 01.03.2026, 1/3/2026."""
    numbers = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", text)
    if numbers:
        year, month, day = (int(part or 1) for part in numbers.groups())
    elif numbers := re.fullmatch(r"(\d{1,2})[./](\d{1,2})[./](\d{4})", text):
        day, month, year = (int(part) for part in numbers.groups())
    else:
        return None
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return max(datetime(found.year, found.month, found.day, tzinfo=UTC), FIRST_DAY)
