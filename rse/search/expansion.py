"""A typed word spelt out: the words it begins, and the compounds it is a part of.

German writes « Arbeitsschutzverordnung » in one; who looks for « Schutzverordnung » means it too.
What was written somewhere is known, so no dictionary is needed.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from rse.kernel.reads import is_postgres, planned_rows

from .index import SHORTEST_KNOWN
from .query import Clause, Query
from .words import stem

# A prefix beyond the index's own two and three letters is gathered from all its words' matches at
# once; a few whole words are walked from the newest on, and stop when there are enough.
MOST_LONGER: Final = 24
LONGER_SQLITE = "SELECT word FROM search_word WHERE word >= ? AND word < ? LIMIT ?"
LONGER_POSTGRES = "SELECT word FROM search_word WHERE word LIKE ? LIMIT ?"
LAST_LETTER: Final = "\U0010ffff"
SHORTEST_PART, LONG_PART, MOST_COMPOUNDS = 5, 8, 12
COMPOUNDS_SQLITE = """
SELECT w.word FROM search_word_index i JOIN search_word w ON w.id = i.rowid
WHERE search_word_index MATCH ? LIMIT ?
"""
KNOWN = "SELECT word FROM search_word WHERE word IN ({marks})"
LOOKED_AT: Final = 60
SHORTEST_REST: Final = 4
# Beginnings that make another word and no compound: who looks for « formation » means no
# « transformation ».
_NO_PARTS: Final = frozenset(
    ("anti", "auto", "circon", "contre", "hyper", "inter", "intra", "macro", "micro", "mini",
     "multi", "para", "poly", "post", "retro", "semi", "sous", "super", "supra", "tele", "trans",
     "ultra", "unter", "uber", "under", "over")
)  # fmt: skip
# What German puts between two parts.
_LINKS: Final = ("", "s", "es", "n", "en", "er", "e")


class _Word(NamedTuple):
    word: str


async def expanded(query: Query) -> Query:
    """The query with its words spelt out, where that is a matter of a few."""
    return replace(query, wanted=tuple([await _spelt_out(clause) for clause in query.wanted]))


async def _spelt_out(clause: Clause) -> Clause:
    if len(clause.typed) < SHORTEST_KNOWN or not clause.typed.isalpha():
        return clause
    begun = await _beginning_with(clause.typed)
    compounds = await _compounds(clause.stems[0]) if len(clause.typed) >= SHORTEST_PART else []
    is_known = len(begun) <= MOST_LONGER
    stems = dict.fromkeys(stem(word) for word in [*(begun if is_known else []), *compounds])
    others = tuple(one for one in stems if one != clause.stems[0])
    return replace(clause, others=others, is_spelt_out=is_known)


async def _beginning_with(typed: str) -> list[str]:
    if is_postgres():  # by its trigrams
        found = await planned_rows(_Word, LONGER_POSTGRES, f"{typed}%", MOST_LONGER + 1)
    else:
        end = typed + LAST_LETTER
        found = await planned_rows(_Word, LONGER_SQLITE, typed, end, MOST_LONGER + 1)
    return [one.word for one in found]


async def _compounds(part: str) -> list[str]:
    """Known words that have this one inside, behind something that is a word, too."""
    if is_postgres():
        found = await planned_rows(_Word, LONGER_POSTGRES, f"_%{part}%", LOOKED_AT)
    else:
        found = await planned_rows(_Word, COMPOUNDS_SQLITE, f'"{part}"', LOOKED_AT)
    rests = {one.word: one.word.partition(part)[0] for one in found}
    likely = {w: rest for w, rest in rests.items() if len(rest) >= SHORTEST_REST}
    if len(part) >= LONG_PART:
        kept = [word for word, rest in likely.items() if rest not in _NO_PARTS]
    else:
        known = await _known([form for rest in likely.values() for form in _unlinked(rest)])
        kept = [word for word, rest in likely.items() if known.intersection(_unlinked(rest))]
    return sorted(kept)[:MOST_COMPOUNDS]


def _unlinked(rest: str) -> list[str]:
    forms = [rest.removesuffix(link) for link in _LINKS if rest.endswith(link)]
    return [form for form in forms if len(form) >= SHORTEST_REST and form not in _NO_PARTS]


async def _known(words: Sequence[str]) -> set[str]:
    wanted = sorted(set(words))
    if not wanted:
        return set()
    marks = ",".join("?" * len(wanted))
    return {one.word for one in await planned_rows(_Word, KNOWN.format(marks=marks), *wanted)}
