"""What a page of results can be narrowed by, and how many of the newest matches each has.

A facet counts what would be found without its own choice, so that one can change one's mind. Every
count comes from matches the reader may see; nothing is counted beyond the newest ones.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rse.kernel import clock

from . import engine
from .asked import DAYS, Asked, first_id_of
from .asking import ALONE, Meant, alone_kinds, ask_of, kind_asked
from .engine import RANKED_AMONG, Hit
from .names import companies_of, names_of_companies, names_of_people, names_of_spaces
from .rights import Scope

MOST = 8


@dataclass(frozen=True, slots=True)
class Facet:
    """Something to narrow by."""

    id: int
    name: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """All that a page can be narrowed by. `is_bounded`: there is more than was counted."""

    kinds: dict[str, int]
    spaces: Sequence[Facet]
    authors: Sequence[Facet]
    companies: Sequence[Facet]
    whens: dict[str, int]
    is_bounded: bool


class _Windows:
    """The newest matches, with everything that is chosen or with one choice taken back."""

    def __init__(self, scope: Scope, meant: Meant, asked: Asked, shown: Sequence[Hit]) -> None:
        self._scope, self._meant, self._asked, self._shown = scope, meant, asked, shown
        self.is_bounded = len(shown) >= RANKED_AMONG

    async def without(self, choice: str) -> Sequence[Hit]:
        if not getattr(self._asked, choice):
            return self._shown
        widened = self._asked.but(**{choice: None if choice.endswith("_id") else ""})
        return await self._matching(widened)

    async def of_kind(self, kind: str) -> Sequence[Hit]:
        """One of the kinds that stand alone."""
        ask = ask_of(self._meant, self._asked)
        if kind not in alone_kinds(ask):
            return ()
        return await self._noted(replace(ask, kinds=[kind], limit=RANKED_AMONG))

    async def _matching(self, asked: Asked) -> Sequence[Hit]:
        ask = replace(ask_of(self._meant, asked), limit=RANKED_AMONG)
        kind = kind_asked(self._meant.query, asked)
        return await self._noted(replace(ask, kinds=[kind]) if kind else ask)

    async def _noted(self, ask: engine.Ask) -> Sequence[Hit]:
        found = await engine.matches(self._scope, ask)
        self.is_bounded = self.is_bounded or len(found) >= RANKED_AMONG
        return found


async def facets(scope: Scope, meant: Meant, asked: Asked, shown: Sequence[Hit]) -> Facets:
    """Count what the reader may see, by all one can narrow by."""
    windows = _Windows(scope, meant, asked, shown)
    return Facets(
        kinds=await _kinds(windows),
        spaces=await _spaces(await windows.without("space_id")),
        authors=await _authors(await windows.without("author_id")),
        companies=await _companies(await windows.without("company_id"), asked),
        whens=_whens(await windows.without("when")),
        is_bounded=windows.is_bounded,
    )


async def _kinds(windows: _Windows) -> dict[str, int]:
    counted = Counter(hit.kind for hit in await windows.without("kind"))
    for kind in ALONE:
        counted[kind] = len(await windows.of_kind(kind))
    return dict(counted)


async def _spaces(window: Sequence[Hit]) -> list[Facet]:
    common = Counter(hit.space_id for hit in window if hit.kind not in ALONE).most_common(MOST)
    names = await names_of_spaces([number for number, _count in common])
    return [Facet(n, names[n], count) for n, count in common if n in names]


async def _authors(window: Sequence[Hit]) -> list[Facet]:
    common = Counter(hit.author_id for hit in window if hit.kind not in ALONE).most_common(MOST)
    names = await names_of_people([number for number, _count in common])
    return [Facet(n, names[n], count) for n, count in common if n in names]


async def _companies(window: Sequence[Hit], asked: Asked) -> list[Facet]:
    """Whose people wrote it; where all are of one company there is nothing to choose."""
    employed = await companies_of([hit.author_id for hit in window])
    counted = Counter(employed[hit.author_id] for hit in window if hit.author_id in employed)
    if len(counted) < 2 and not asked.company_id:
        return []
    common = counted.most_common(MOST)
    names = await names_of_companies([number for number, _count in common])
    return [Facet(n, names[n], count) for n, count in common if n in names]


def _whens(window: Sequence[Hit]) -> dict[str, int]:
    now = clock.now()
    starts = {when: first_id_of(days, now) for when, days in DAYS.items()}
    counted = {when: sum(hit.id >= start for hit in window) for when, start in starts.items()}
    return {"": len(window), **counted}
