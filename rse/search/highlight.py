"""The piece of a text that shows why it was found, with the words marked."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from .query import Query
from .words import WORD, plain, stem

AROUND = 60
PIECE = 220
LOOKED_AT = 20_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """The single words of a query: whole ones by their stem, typed ones by their beginning."""

    stems: frozenset[str]
    beginnings: tuple[str, ...]

    def has(self, written: str) -> bool:
        word = plain(written)
        return stem(word) in self.stems or (bool(word) and word.startswith(self.beginnings))


def wanted_of(query: Query) -> Wanted:
    stems = frozenset(term for one in query.wanted for term in (*one.stems, *one.others))
    typed = tuple(clause.typed for clause in query.wanted if len(clause.typed) > 1)
    return Wanted(stems, typed)


def marked(text: str, wanted: Wanted) -> Markup:
    """The whole text, escaped, with the wanted words in <mark>."""
    return _marked(text, _places(text, wanted))


def piece(text: str, wanted: Wanted) -> Markup:
    """About two lines of the text from its first wanted word on, escaped and marked."""
    line = " ".join(text[:LOOKED_AT].split())
    places = _places(line, wanted)
    start = _start(line, places[0][0] - AROUND) if places else 0
    end = _end(line, start + PIECE)
    inside = [(a - start, b - start) for a, b in places if a >= start and b <= end]
    shown = _marked(line[start:end], inside)
    return Markup("{}{}{}").format("… " if start else "", shown, " …" if end < len(line) else "")


def _places(text: str, wanted: Wanted) -> list[tuple[int, int]]:
    return [match.span() for match in WORD.finditer(text) if wanted.has(match.group())]


def _start(line: str, about: int) -> int:
    return line.find(" ", about) + 1 if about > 0 else 0


def _end(line: str, about: int) -> int:
    if about >= len(line):
        return len(line)
    space = line.rfind(" ", about - 40, about)
    return space if space > 0 else about


def _marked(text: str, places: Sequence[tuple[int, int]]) -> Markup:
    parts, last = [], 0
    for start, end in places:
        parts += [escape(text[last:start]), Markup("<mark>{}</mark>").format(text[start:end])]
        last = end
    return Markup("").join([*parts, escape(text[last:])])
