"""The page of results: groups by kind or one kind's list, with what one can narrow by."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from markupsafe import Markup

from rse.identity.models import Person
from rse.kernel.ids import made_at, to_public
from rse.kernel.pages import LIMIT, NEWEST

from . import asking, engine, expansion, rights, spelling
from .asked import NEWEST_FIRST, Asked, place_in_ranking, public_or_none, ranking_cursor
from .asking import ALONE
from .documents import Document, declared
from .engine import Ask, Hit
from .facets import Facets, facets
from .highlight import Wanted, marked, piece, wanted_of
from .names import names_of_people, names_of_spaces
from .query import Query, parse
from .rights import Scope

OF_A_KIND = 5


@dataclass(frozen=True, slots=True)
class Result:
    """One result as the page shows it."""

    document: Document
    kind: str
    title: Markup
    piece: Markup
    author: str
    space: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Group:
    """The results of one kind."""

    kind: str
    title: str
    results: Sequence[Result]
    has_more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """All of a page of results."""

    query: Query
    groups: Sequence[Group] = ()
    facets: Facets | None = None
    next_cursor: str = ""
    suggestion: str = ""


@dataclass(slots=True)
class _Matched:
    """Hits by kind, best or newest first, and the newest of all that facets count."""

    by_kind: dict[str, list[Hit]] = field(default_factory=dict)
    window: list[Hit] = field(default_factory=list)
    next_cursor: str = ""


async def search(reader: Person, asked: Asked) -> Found:
    """Find what the reader may see at this moment."""
    query = parse(asked.text)
    if not query.asks_something and not asked.is_narrowed:
        return Found(query=query)
    scope = await rights.scope_of(reader)
    meant = await asking.meaning(scope, query)
    ask = asking.ask_of(meant, asked)
    kind = asking.kind_asked(query, asked)
    found = await (_one_kind(scope, ask, asked, kind) if kind else _all_kinds(scope, ask))
    groups = await _groups(found, meant.query, LIMIT if kind else OF_A_KIND)
    return Found(
        query=query,
        groups=groups,
        facets=await facets(scope, meant, asked, found.window) if not asked.cursor else None,
        next_cursor=found.next_cursor,
        suggestion="" if groups else await _suggestion(scope, asked),
    )


async def answering(reader: Person, asked: Asked, ids: Sequence[int]) -> list[int]:
    """Which of these few things answer, that others wrote and the reader may see at this moment."""
    scope = await rights.scope_of(reader)
    meant = await asking.meaning(scope, parse(asked.text))
    ask = asking.ask_of(meant, asked)
    ask = replace(ask, among=tuple(ids), limit=len(ids), before=max(ids) + 1)
    kind = asking.kind_asked(meant.query, asked)
    chosen = [[kind]] if kind else [ask.kinds, *([one] for one in asking.alone_kinds(ask))]
    hits: list[Hit] = []
    for kinds in chosen:
        hits += await engine.matches(scope, replace(ask, kinds=kinds))
    return [hit.id for hit in hits if hit.author_id != reader.id and await _is_here(hit)]


async def _is_here(hit: Hit) -> bool:
    """Whether it is still there, and where the index thinks it is."""
    return any(_unmoved(document, hit) for document in await declared[hit.kind].load([hit.id]))


async def _all_kinds(scope: Scope, ask: Ask) -> _Matched:
    """A few of each kind: the best among the newest matches."""
    found = _Matched()
    for kind in asking.alone_kinds(ask):
        asked = replace(ask, kinds=[kind], limit=engine.RANKED_AMONG, scored=_ranked(ask))
        found.by_kind[kind] = _ranked_hits(await engine.matches(scope, asked))
    everything = replace(ask, limit=engine.RANKED_AMONG, scored=_ranked(ask))
    found.window = await engine.matches(scope, everything)
    for hit in _ranked_hits(found.window):
        found.by_kind.setdefault(hit.kind, []).append(hit)
    return found


async def _one_kind(scope: Scope, ask: Ask, asked: Asked, kind: str) -> _Matched:
    one = replace(ask, kinds=[kind], limit=engine.RANKED_AMONG)
    if asked.sort == NEWEST_FIRST or not _ranked(ask):
        return await _newest(scope, one, asked.cursor)
    before, shown = place_in_ranking(asked.cursor)
    window = await engine.matches(scope, replace(one, before=before, scored=True))
    hits = _ranked_hits(window)[shown:]
    anchor = before if before != NEWEST else max((hit.id for hit in window), default=0) + 1
    more = ranking_cursor(anchor, shown + LIMIT) if len(hits) > LIMIT else ""
    return _Matched({kind: hits}, window, more)


async def _newest(scope: Scope, one: Ask, cursor: str) -> _Matched:
    before = public_or_none(cursor)
    if before is not None:
        one = replace(one, before=before, limit=LIMIT + 1)
    window = await engine.matches(scope, one)
    more = to_public(window[LIMIT - 1].id) if len(window) > LIMIT else ""
    return _Matched({one.kinds[0]: window}, window, more)


def _ranked(ask: Ask) -> bool:
    return bool(ask.query.wanted)


def _ranked_hits(window: Sequence[Hit]) -> list[Hit]:
    return sorted(window, key=lambda hit: (-hit.score, -hit.id))


async def _groups(found: _Matched, query: Query, limit: int) -> list[Group]:
    wanted = wanted_of(query)
    groups = []
    for kind, hits in found.by_kind.items():
        results = await _results(kind, hits[:limit], wanted)
        if results:
            groups.append(Group(kind, declared[kind].title, results, len(hits) > limit))
    order = {kind: place for place, kind in enumerate(_order(groups, query))}
    return sorted(groups, key=lambda group: order[group.kind])


def _order(groups: Sequence[Group], query: Query) -> list[str]:
    """People come first when the query is a name; else what people wrote does."""
    people = [group for group in groups if group.kind == "person"]
    others = [kind for kind in declared if kind not in ALONE]
    if people and any(_is_called(result, query) for result in people[0].results):
        return [*ALONE, *others]
    return [*others, "space", "person"]


def _is_called(result: Result, query: Query) -> bool:
    words = Wanted(frozenset(), tuple(clause.typed for clause in query.wanted if clause.typed))
    names = result.document.title.split()
    typed = [clause.typed for clause in query.wanted]
    return bool(typed) and all(typed) and sum(words.has(name) for name in names) >= len(typed)


async def _results(kind: str, hits: Sequence[Hit], wanted: Wanted) -> list[Result]:
    """Read what was found as it is now; what is gone meanwhile is left out."""
    documents = {one.id: one for one in await declared[kind].load([hit.id for hit in hits])}
    # A thing that moved since it was indexed is left out until the index knows where it is.
    here = [documents[hit.id] for hit in hits if _unmoved(documents.get(hit.id), hit)]
    authors = await names_of_people([document.author_id for document in here])
    spaces = await names_of_spaces([document.space_id for document in here])
    return [
        Result(
            document=document,
            kind=kind,
            title=marked(document.title, wanted),
            piece=_piece(document, wanted),
            author=authors.get(document.author_id, "") if kind not in ALONE else "",
            space=spaces.get(document.space_id, "") if kind not in ALONE else "",
            made_at=made_at(document.id),
        )
        for document in here
    ]


def _piece(document: Document, wanted: Wanted) -> Markup:
    """Nothing when the title has said it all."""
    if " ".join(document.body.split()) == document.title:
        return Markup()
    return piece(document.body, wanted)


def _unmoved(document: Document | None, hit: Hit) -> bool:
    return document is not None and document.space_id == hit.space_id


async def _suggestion(scope: Scope, asked: Asked) -> str:
    async def finds(text: str) -> bool:
        ask = asking.ask_of(await asking.meaning(scope, parse(text)), asked)
        for kinds in (["person"], ["space"], list(ask.kinds)):
            if await engine.matches(scope, replace(ask, kinds=kinds, limit=1)):
                return True
        return False

    return await spelling.corrected(asked.text, finds)


async def quick(reader: Person, text: str) -> list[Group]:
    """People and spaces for the box at the top, a few of each."""
    query = parse(text)
    if not query.wanted:
        return []
    scope = await rights.scope_of(reader)
    query = await expansion.expanded(query)
    ask = Ask(query=query, kinds=ALONE, limit=engine.RANKED_AMONG, scored=True)
    found = _Matched()
    for kind in ALONE:
        hits = await engine.matches(scope, replace(ask, kinds=[kind]))
        found.by_kind[kind] = _ranked_hits(hits)
    return await _groups(found, query, OF_A_KIND)
