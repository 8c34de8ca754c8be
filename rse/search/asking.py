"""What a page asks the engine: names become ids, what is chosen beside the query narrows it."""

from dataclasses import dataclass, replace

from . import expansion, rights
from .asked import Asked
from .documents import declared
from .engine import Ask
from .query import Query
from .rights import Scope

ALONE = ("person", "space")


@dataclass(frozen=True, slots=True)
class Meant:
    """A query whose words are spelt out and whose names are people and spaces (None: any)."""

    query: Query
    authors: frozenset[int] | None
    spaces: frozenset[int] | None


async def meaning(scope: Scope, query: Query) -> Meant:
    """Look up what the query names: once for all that is asked with it."""
    authors: frozenset[int] | None = None
    for name in query.authors:
        called = frozenset(await rights.people_called(name))
        authors = called if authors is None else authors & called
    spaces: frozenset[int] | None = None
    for name in query.spaces:
        called = frozenset(await rights.spaces_called(scope, name))
        spaces = called if spaces is None else spaces & called
    return Meant(await expansion.expanded(query), authors, spaces)


def ask_of(meant: Meant, asked: Asked) -> Ask:
    """Ask for what people wrote; the caller takes other kinds and limits."""
    query = meant.query
    after = max(query.after_id, asked.after_id)
    return Ask(
        query=replace(query, after_id=after),
        kinds=content_kinds(query),
        author_ids=_chosen(meant.authors, asked.author_id),
        space_ids=_chosen(meant.spaces, asked.space_id),
        company_id=asked.company_id,
    )


def kind_asked(query: Query, asked: Asked) -> str:
    """The one kind that is asked for; empty for all."""
    return asked.kind or (next(iter(query.kinds)) if len(query.kinds) == 1 else "")


def content_kinds(query: Query) -> list[str]:
    kinds = [kind for kind in declared if kind not in ALONE]
    return [kind for kind in kinds if not query.kinds or kind in query.kinds]


def alone_kinds(ask: Ask) -> list[str]:
    """People and spaces are looked for by their own words, not by whose or where they are."""
    if ask.query.kinds:
        return [kind for kind in ALONE if kind in ask.query.kinds]
    is_free = bool(ask.query.wanted) and ask.author_ids is None and ask.space_ids is None
    return [kind for kind in ALONE if kind in declared] if is_free else []


def _chosen(named: frozenset[int] | None, chosen: int | None) -> tuple[int, ...] | None:
    if chosen is None:
        return tuple(sorted(named)) if named is not None else None
    return (chosen,) if named is None or chosen in named else ()
