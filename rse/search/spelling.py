"""« Did you mean »: words that were written somewhere and look like what was typed."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from rse.kernel.reads import is_postgres, planned_rows

from .index import SHORTEST_KNOWN
from .query import LONGEST_QUERY
from .words import distance, plain, spoken

CANDIDATES = 40
MOST_WORDS = 4
MOST_TRIED = 4
SQLITE = """
SELECT w.word, w.shown FROM search_word_index i JOIN search_word w ON w.id = i.rowid
WHERE search_word_index MATCH ? ORDER BY bm25(search_word_index) LIMIT ?
"""
POSTGRES = """
SELECT word, shown FROM search_word WHERE word % ?::text
ORDER BY similarity(word, ?::text) DESC, word LIMIT ?
"""


class _Known(NamedTuple):
    word: str
    shown: str


Finds = Callable[[str], Awaitable[bool]]


async def corrected(text: str, finds: Finds) -> str:
    """The query with a word mended, if that finds something for this reader; else nothing.

    A suggestion is only made of what its reader can find: it never tells words of closed spaces.
    """
    tried = 0
    words = [w for w in spoken(text[:LONGEST_QUERY]) if len(plain(w)) >= SHORTEST_KNOWN]
    for written in words[:MOST_WORDS]:
        for near in await _near(plain(written)):
            suggestion = text.replace(written, near)
            tried += 1
            if await finds(suggestion):
                return suggestion
            if tried >= MOST_TRIED * MOST_WORDS:
                return ""
    return ""


async def _near(word: str) -> list[str]:
    most = 1 if len(word) < 6 else 2
    found = await (_postgres(word) if is_postgres() else _sqlite(word))
    ordered = sorted((distance(word, known.word), known.word, known.shown) for known in found)
    return [shown for steps, _word, shown in ordered if 0 < steps <= most][:MOST_TRIED]


async def _sqlite(word: str) -> list[_Known]:
    grams = {word[start : start + 3] for start in range(len(word) - 2)}
    match = " OR ".join(f'"{gram}"' for gram in sorted(grams))
    return await planned_rows(_Known, SQLITE, match, CANDIDATES)


async def _postgres(word: str) -> list[_Known]:
    return await planned_rows(_Known, POSTGRES, word, word, CANDIDATES)
