"""What a feature declares to be findable."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One thing as search needs it: its words, and how a result shows it."""

    id: int
    title: str
    url: str
    body: str = ""
    # 0: belongs to no space. A space's own document carries the space's id.
    space_id: int = 0
    author_id: int = 0
    detail: str = ""
    company: str = ""
    # 0: its author's company.
    company_id: int = 0
    picture: str = ""
    # Other words it is found by, and never shown.
    also: str = ""
    # What its reader should know of it, and what it is not found by.
    note: str = ""


Loader = Callable[[Sequence[int]], Awaitable[list[Document]]]
Lister = Callable[[int, int], Awaitable[list[int]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchDocument:
    """A kind of thing: `load` gives those of some ids that exist now, for index and results.

    `ids_after(id, limit)` lists what there is, in the order of ids, to build the index anew.
    """

    kind: str
    title: str
    load: Loader
    ids_after: Lister


declared: dict[str, SearchDocument] = {}
