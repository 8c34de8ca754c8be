"""The page of results, and what is suggested under the box."""

from collections.abc import Sequence
from dataclasses import replace

from quart import Blueprint, Response, request
from quart.typing import ResponseReturnValue

from rse.identity.current import current_person
from rse.kernel import limits
from rse.kernel.i18n import gettext as _
from rse.web.render import partial, render

from . import results
from .asked import BEST, NEWEST_FIRST, Asked, read
from .beside import results_links
from .documents import declared
from .engine import RANKED_AMONG
from .facets import Facet, Facets
from .query import LONGEST_QUERY
from .results import Found

blueprint = Blueprint("search", __name__)
Choice = tuple[str, str, bool, int]

A_MINUTE = 60
SEARCHES_A_MINUTE = 120
KEYSTROKES_A_MINUTE = 300


@blueprint.get("/search")
async def page() -> ResponseReturnValue:
    reader = current_person()
    await limits.hit(f"search:{reader.id}", SEARCHES_A_MINUTE, A_MINUTE)
    asked = read(request.args)
    if len(request.args.get("q", "")) > LONGEST_QUERY:
        sentence = _("Search for at most %(n)s characters.", n=LONGEST_QUERY)
        return Response(await _page(asked, None, error=sentence), 422)
    return await _page(asked, await results.search(reader, asked))


async def _page(asked: Asked, found: Found | None, error: str = "") -> str:
    counted = found.facets if found else None
    return await render(
        "search/results.html",
        asked=asked,
        found=found,
        error=error,
        facets=_facets(asked, counted) if counted else [],
        bounded=counted is not None and counted.is_bounded,
        most=RANKED_AMONG,
        sorts=_sorts(asked),
        links=[(_(one.title), one.url(asked), one.icon) for one in results_links.values()],
        lists=[(_(one.list_title), one.list_path) for one in results_links.values()],
        titles=_titles(),
        next_url=_next(asked, found) if found else "",
        suggestion_url=Asked(text=found.suggestion).url if found else "",
    )


def _titles() -> dict[str, str]:
    return {kind: _(declaration.title) for kind, declaration in declared.items()}


def _facets(asked: Asked, counted: Facets) -> list[tuple[str, Sequence[Choice]]]:
    """All to narrow by; what is chosen can be taken back, what finds nothing is left out."""
    found = [
        (_("Kind"), _kinds(asked, counted)),
        (_("Space"), _things(asked, "space_id", _("All spaces"), counted.spaces)),
        (_("Author"), _things(asked, "author_id", _("All authors"), counted.authors)),
        (_("Company"), _things(asked, "company_id", _("All companies"), counted.companies)),
        (_("Date"), _whens(asked, counted)),
    ]
    return [(title, choices) for title, choices in found if choices]


def _kinds(asked: Asked, counted: Facets) -> list[Choice]:
    some = [(kind, title) for kind, title in _titles().items() if counted.kinds.get(kind)]
    if asked.kind and not counted.kinds.get(asked.kind):
        some.append((asked.kind, _titles()[asked.kind]))
    return [
        (title, asked.but(kind=kind).url, kind == asked.kind, counted.kinds.get(kind, 0))
        for kind, title in [("", _("Everything")), *some]
    ]


def _whens(asked: Asked, counted: Facets) -> list[Choice]:
    spans = (
        ("", _("Any time")),
        ("week", _("Last 7 days")),
        ("month", _("Last month")),
        ("year", _("Last year")),
    )
    return [
        (label, asked.but(when=span).url, span == asked.when, counted.whens[span] if span else 0)
        for span, label in spans
    ]


def _things(asked: Asked, choice: str, everything: str, some: Sequence[Facet]) -> list[Choice]:
    chosen = getattr(asked, choice)
    found = [
        (one.name, asked.but(**{choice: one.id}).url, one.id == chosen, one.count) for one in some
    ]
    return [(everything, asked.but(**{choice: None}).url, False, 0), *found] if chosen else found


def _sorts(asked: Asked) -> list[Choice]:
    orders = ((BEST, _("Best first")), (NEWEST_FIRST, _("Newest first")))
    return [(label, asked.but(sort=sort).url, sort == asked.sort, 0) for sort, label in orders]


def _next(asked: Asked, found: Found) -> str:
    if not found.next_cursor:
        return ""
    kind = asked.kind or found.groups[0].kind
    return replace(asked, kind=kind, cursor=found.next_cursor).url


@blueprint.get("/search/suggest")
async def suggest() -> ResponseReturnValue:
    """People and spaces for the box, while one types."""
    reader = current_person()
    await limits.hit(f"suggest:{reader.id}", KEYSTROKES_A_MINUTE, A_MINUTE)
    text = request.args.get("q", "")[:100].strip()
    groups = await results.quick(reader, text) if len(text) > 1 else []
    return await partial(
        "search/_suggest.html",
        groups=groups,
        titles=_titles(),
        all_url=Asked(text=text).url,
        text=text,
    )
