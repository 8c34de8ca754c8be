"""Matches in the index, on SQLite (FTS5) and PostgreSQL (tsvector): the same words, one answer.

Never ranks everything: a common word has a million matches, and only the newest matter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rse.kernel.pages import NEWEST
from rse.kernel.reads import is_postgres, planned_rows

from . import rights
from .index import author_token, company_token, kind_token, space_token
from .query import Clause, Query
from .rights import Scope

RANKED_AMONG = 500
SHORTEST_PREFIX = 2
SQLITE_WORDS = """
SELECT d.id, d.kind, d.space_id, d.author_id, {score}
FROM search_index CROSS JOIN search_document d ON d.id = search_index.rowid
WHERE search_index MATCH ? AND search_index.rowid < ? AND search_index.rowid >= ? AND {where}
ORDER BY search_index.rowid DESC LIMIT ?
"""
POSTGRES_WORDS = """
SELECT d.id, d.kind, d.space_id, d.author_id, {score} FROM search_document d
WHERE d.vector @@ ?::text::tsquery AND d.id < ? AND d.id >= ? AND {where}
ORDER BY d.id DESC LIMIT ?
"""
# A title counts ten times its body; the third column is no text.
SQLITE_SCORE = "-bm25(search_index, 10.0, 1.0, 0.0)"
POSTGRES_SCORE = "ts_rank('{0.1, 0.1, 0.1, 1.0}', d.vector, ?::text::tsquery, 1)"


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
    company_id: int | None = None
    # Only among these few, if any are named.
    among: tuple[int, ...] | None = None
    before: int = NEWEST
    limit: int = 20
    scored: bool = False


async def matches(scope: Scope, ask: Ask) -> list[Hit]:
    """What matches and may be seen, newest first. Kinds of one call share their right."""
    if not ask.kinds or () in (ask.author_ids, ask.space_ids, ask.among):
        return []
    sql, values = _statement(scope, ask)
    return await planned_rows(Hit, sql, *values)


def _statement(scope: Scope, ask: Ask) -> tuple[str, list[object]]:
    before, query = min(ask.before, ask.query.before_id), ask.query
    if ask.kinds[0] not in {"person", "space"} and scope.newest_id < NEWEST:
        before = min(before, scope.newest_id + 1)
    where, narrowing = _narrowing(scope, ask)
    if is_postgres():
        text = postgres_text(scope, ask)
        score = POSTGRES_SCORE if ask.scored else "0.0"
        sql = POSTGRES_WORDS.format(score=score, where=where)
        asked: list[object] = [text] if ask.scored else []
        return sql, [*asked, text, before, query.after_id, *narrowing, ask.limit]
    sql = SQLITE_WORDS.format(score=SQLITE_SCORE if ask.scored else "0.0", where=where)
    return sql, [sqlite_text(scope, ask), before, query.after_id, *narrowing, ask.limit]


def _narrowing(scope: Scope, ask: Ask) -> tuple[str, list[object]]:
    where, values = rights.filter_for(ask.kinds[0], scope)
    parts, found = [where], list(values)
    for column, chosen in (
        ("d.kind", ask.kinds), ("d.author_id", ask.author_ids), ("d.space_id", ask.space_ids),
        ("d.id", ask.among),
    ):  # fmt: skip
        if chosen is not None:
            parts.append(f"{column} IN ({','.join('?' * len(chosen))})")
            found += chosen
    return " AND ".join(parts), found


def _tokens(scope: Scope, ask: Ask) -> list[list[str]]:
    """What must stand in a document's audience: one of each list."""
    found = [[kind_token(kind) for kind in ask.kinds]]
    if ask.company_id is not None:
        found.append([company_token(ask.company_id)])
    if ask.kinds[0] in {"person", "space"}:
        return found
    if ask.author_ids:
        found.append([author_token(author) for author in ask.author_ids])
    spaces = ask.space_ids if ask.space_ids is not None else scope.space_ids
    if spaces is not None and len(spaces) <= rights.MOST_NAMED:
        found.append([space_token(space) for space in spaces or (0,)])
    return found


def sqlite_text(scope: Scope, ask: Ask) -> str:
    """The match in FTS5's words. Every term is quoted, and made of letters and digits only."""
    words = " AND ".join(_sqlite_clause(clause) for clause in ask.query.wanted)
    parts = [f"{{title_words body_words}} : ({words})"] if words else []
    parts += [f"audience : ({' OR '.join(map(_quoted, one))})" for one in _tokens(scope, ask)]
    text = " AND ".join(parts)
    if ask.query.excluded:
        gone = " OR ".join(_sqlite_clause(clause) for clause in ask.query.excluded)
        text = f"({text}) NOT {{title_words body_words}} : ({gone})"
    return text


def _sqlite_clause(clause: Clause) -> str:
    if not clause.typed:
        return _quoted(" ".join(clause.stems))
    ways = [*map(_quoted, (*clause.stems, *clause.others))]
    if _goes_on(clause):
        ways.append(f'"{clause.typed}" *')
    return f"({' OR '.join(ways)})"


def _goes_on(clause: Clause) -> bool:
    return len(clause.typed) >= SHORTEST_PREFIX and not clause.is_spelt_out


def _quoted(term: str) -> str:
    return f'"{term}"'


def postgres_text(scope: Scope, ask: Ask) -> str:
    """The match as a tsquery. Lexemes are quoted, and made of letters and digits only."""
    parts = [_postgres_clause(clause) for clause in ask.query.wanted]
    parts += [f"({' | '.join(map(_lexeme, one))})" for one in _tokens(scope, ask)]
    parts += [f"!{_postgres_clause(clause)}" for clause in ask.query.excluded]
    return " & ".join(parts)


def _postgres_clause(clause: Clause) -> str:
    if not clause.typed:
        return f"({' <-> '.join(map(_lexeme, clause.stems))})"
    ways = [*map(_lexeme, (*clause.stems, *clause.others))]
    if _goes_on(clause):
        ways.append(f"{_lexeme(clause.typed)}:*")
    return f"({' | '.join(ways)})"


def _lexeme(term: str) -> str:
    return f"'{term}'"
