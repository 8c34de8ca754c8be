"""Matches in the index, on SQLite (FTS5) and PostgreSQL (tsvector): the same words, one answer.

Never ranks everything: a common word has a million matches, and only the newest matter.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from rse.kernel.pages import NEWEST
from rse.kernel.reads import is_postgres, rows

from . import rights
from .index import SHORTEST_KNOWN, kind_token, space_token
from .query import Clause, Query
from .rights import Scope
from .words import stem

RANKED_AMONG = 500
SHORTEST_PREFIX = 2
# A prefix beyond the index's own two and three letters is gathered from all its words' matches at
# once; a few whole words are walked from the newest on, and stop when there are enough.
MOST_LONGER = 24
LONGER_SQLITE = "SELECT word FROM search_word WHERE word >= ? AND word < ? LIMIT ?"
LONGER_POSTGRES = "SELECT word FROM search_word WHERE word LIKE ? LIMIT ?"
LAST_LETTER = "\U0010ffff"
SQLITE_WORDS = """
SELECT d.id, d.kind, d.space_id, d.author_id, {score}
FROM search_index CROSS JOIN search_document d ON d.id = search_index.rowid
WHERE search_index MATCH ? AND search_index.rowid < ? AND search_index.rowid >= ? AND {where}
ORDER BY search_index.rowid DESC LIMIT ?
"""
SQLITE_WITHOUT = "d.id NOT IN (SELECT rowid FROM search_index WHERE search_index MATCH ?)"
PLAIN = """
SELECT d.id, d.kind, d.space_id, d.author_id, 0.0 FROM search_document d
WHERE d.id < ? AND d.id >= ? AND {where} ORDER BY d.id DESC LIMIT ?
"""
POSTGRES_WORDS = """
SELECT d.id, d.kind, d.space_id, d.author_id, {score} FROM search_document d
WHERE d.vector @@ ?::text::tsquery AND d.id < ? AND d.id >= ? AND {where}
ORDER BY d.id DESC LIMIT ?
"""
# A title counts ten times its body; the third column is no text.
SQLITE_SCORE = "-bm25(search_index, 10.0, 1.0, 0.0)"
POSTGRES_SCORE = "ts_rank('{0.1, 0.1, 0.1, 1.0}', d.vector, ?::text::tsquery, 1)"


class _Word(NamedTuple):
    word: str


class Hit(NamedTuple):
    """One match; a greater score is better."""

    id: int
    kind: str
    space_id: int
    author_id: int
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A query with what narrows it: kinds, and people and spaces by id (None: any)."""

    query: Query
    kinds: Sequence[str]
    author_ids: tuple[int, ...] | None = None
    space_ids: tuple[int, ...] | None = None
    before: int = NEWEST
    limit: int = 20
    scored: bool = False


async def expanded(query: Query) -> Query:
    """The query with the beginnings it has spelt out, where that is a matter of a few words."""
    wanted = tuple([await _with_longer(clause) for clause in query.wanted])
    return replace(query, wanted=wanted)


async def _with_longer(clause: Clause) -> Clause:
    if len(clause.typed) < SHORTEST_KNOWN or not clause.typed.isalpha():
        return clause
    if is_postgres():  # by its trigrams
        found = await rows(_Word, LONGER_POSTGRES, f"{clause.typed}%", MOST_LONGER + 1)
    else:
        end = clause.typed + LAST_LETTER
        found = await rows(_Word, LONGER_SQLITE, clause.typed, end, MOST_LONGER + 1)
    if len(found) > MOST_LONGER:
        return clause
    stems = dict.fromkeys(stem(one.word) for one in found)
    return replace(clause, longer=tuple(one for one in stems if one != clause.stems[0]))


async def matches(scope: Scope, ask: Ask) -> list[Hit]:
    """What matches and may be seen, newest first. Kinds of one call share their right."""
    if not ask.kinds or ask.author_ids == () or ask.space_ids == ():
        return []
    sql, values = _statement(scope, ask)
    return await rows(Hit, sql, *values)


def _statement(scope: Scope, ask: Ask) -> tuple[str, list[object]]:
    before, query = min(ask.before, ask.query.before_id), ask.query
    where, narrowing = _narrowing(scope, ask)
    if is_postgres():
        text = postgres_text(scope, ask)
        score = POSTGRES_SCORE if ask.scored else "0.0"
        sql = POSTGRES_WORDS.format(score=score, where=where)
        asked: list[object] = [text] if ask.scored else []
        return sql, [*asked, text, before, query.after_id, *narrowing, ask.limit]
    if query.wanted:
        sql = SQLITE_WORDS.format(score=SQLITE_SCORE if ask.scored else "0.0", where=where)
        return sql, [sqlite_text(scope, ask), before, query.after_id, *narrowing, ask.limit]
    if query.excluded:
        where = f"{where} AND {SQLITE_WITHOUT}"
        narrowing.append(" OR ".join(_sqlite_clause(clause) for clause in query.excluded))
    return PLAIN.format(where=where), [before, query.after_id, *narrowing, ask.limit]


def _narrowing(scope: Scope, ask: Ask) -> tuple[str, list[object]]:
    where, values = rights.filter_for(ask.kinds[0], scope)
    parts, found = [where], list(values)
    for column, chosen in (
        ("d.kind", ask.kinds), ("d.author_id", ask.author_ids), ("d.space_id", ask.space_ids),
    ):  # fmt: skip
        if chosen is not None:
            parts.append(f"{column} IN ({','.join('?' * len(chosen))})")
            found += chosen
    return " AND ".join(parts), found


def _tokens(scope: Scope, ask: Ask) -> list[list[str]]:
    """What must stand in a document's audience: one of each list."""
    kinds = [kind_token(kind) for kind in ask.kinds]
    if ask.kinds[0] in {"person", "space"}:
        return [kinds]
    spaces = ask.space_ids if ask.space_ids is not None else scope.space_ids
    if spaces is None or len(spaces) > rights.MOST_NAMED:
        return [kinds]
    return [kinds, [space_token(space) for space in spaces or (-1,)]]


def sqlite_text(scope: Scope, ask: Ask) -> str:
    """The match in FTS5's words. Every term is quoted, and made of letters and digits only."""
    words = " AND ".join(_sqlite_clause(clause) for clause in ask.query.wanted)
    audience = [f"audience : ({' OR '.join(map(_quoted, one))})" for one in _tokens(scope, ask)]
    text = " AND ".join([f"{{title_words body_words}} : ({words})", *audience])
    if ask.query.excluded:
        gone = " OR ".join(_sqlite_clause(clause) for clause in ask.query.excluded)
        text = f"({text}) NOT {{title_words body_words}} : ({gone})"
    return text


def _sqlite_clause(clause: Clause) -> str:
    if clause.longer is not None:
        return f"({' OR '.join(map(_quoted, (*clause.stems, *clause.longer)))})"
    if len(clause.typed) >= SHORTEST_PREFIX:
        return f'({_quoted(clause.stems[0])} OR "{clause.typed}" *)'
    return _quoted(" ".join(clause.stems))


def _quoted(term: str) -> str:
    return f'"{term}"'


def postgres_text(scope: Scope, ask: Ask) -> str:
    """The match as a tsquery. Lexemes are quoted, and made of letters and digits only."""
    parts = [_postgres_clause(clause) for clause in ask.query.wanted]
    parts += [f"({' | '.join(map(_lexeme, one))})" for one in _tokens(scope, ask)]
    parts += [f"!{_postgres_clause(clause)}" for clause in ask.query.excluded]
    return " & ".join(parts)


def _postgres_clause(clause: Clause) -> str:
    if clause.longer is not None:
        return f"({' | '.join(map(_lexeme, (*clause.stems, *clause.longer)))})"
    if len(clause.typed) >= SHORTEST_PREFIX:
        return f"({_lexeme(clause.stems[0])} | {_lexeme(clause.typed)}:*)"
    return f"({' <-> '.join(map(_lexeme, clause.stems))})"


def _lexeme(term: str) -> str:
    return f"'{term}'"
