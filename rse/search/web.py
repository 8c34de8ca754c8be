"""The page of results, and what is suggested under the box."""

from collections.abc import Sequence

from quart import Blueprint, Response, request
from quart.typing import ResponseReturnValue

from rse.identity.current import current_person
from rse.kernel import limits
from rse.kernel.i18n import gettext as _
from rse.web.render import partial, render

from . import results
from .asked import BEST, DAYS, NEWEST_FIRST, Asked, public_or_none
from .documents import declared
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
    asked = _asked()
    if len(request.args.get("q", "")) > LONGEST_QUERY:
        sentence = _("Search for at most %(n)s characters.", n=LONGEST_QUERY)
        return Response(await _page(asked, None, error=sentence), 422)
    return await _page(asked, await results.search(reader, asked))


def _asked() -> Asked:
    """The address, read kindly: what makes no sense in it counts as not chosen."""
    given = request.args
    kind, when = given.get("kind", ""), given.get("when", "")
    return Asked(
        text=given.get("q", "")[:LONGEST_QUERY].strip(),
        kind=kind if kind in declared else "",
        space_id=public_or_none(given.get("space", "")),
        author_id=public_or_none(given.get("author", "")),
        when=when if when in DAYS else "",
        sort=NEWEST_FIRST if given.get("sort") == NEWEST_FIRST else BEST,
        cursor=given.get("cursor", "")[:40],
    )


async def _page(asked: Asked, found: Found | None, error: str = "") -> str:
    return await render(
        "search/results.html",
        asked=asked,
        found=found,
        error=error,
        kinds=_kinds(asked),
        whens=_whens(asked),
        sorts=_sorts(asked),
        facets=await _facets(asked, found) if found else [],
        titles={kind: _(declaration.title) for kind, declaration in declared.items()},
        next_url=_next(asked, found) if found else "",
        suggestion_url=Asked(text=found.suggestion).url if found else "",
    )


def _kinds(asked: Asked) -> list[Choice]:
    kinds = [("", _("Everything")), *((k, _(one.title)) for k, one in declared.items())]
    return [(title, asked.but(kind=k).url, k == asked.kind, 0) for k, title in kinds]


def _whens(asked: Asked) -> list[Choice]:
    spans = (
        ("", _("Any time")),
        ("week", _("Last 7 days")),
        ("month", _("Last month")),
        ("year", _("Last year")),
    )
    return [(label, asked.but(when=span).url, span == asked.when, 0) for span, label in spans]


def _sorts(asked: Asked) -> list[Choice]:
    orders = ((BEST, _("Best first")), (NEWEST_FIRST, _("Newest first")))
    return [(label, asked.but(sort=sort).url, sort == asked.sort, 0) for sort, label in orders]


async def _facets(asked: Asked, found: Found) -> list[tuple[str, Sequence[Choice]]]:
    """Spaces and people to narrow by; what is chosen can be taken back."""
    spaces = [
        (one.name, asked.but(space_id=one.id).url, one.id == asked.space_id, one.count)
        for one in found.spaces
    ]
    authors = [
        (one.name, asked.but(author_id=one.id).url, one.id == asked.author_id, one.count)
        for one in found.authors
    ]
    if asked.space_id:
        spaces.insert(0, (_("All spaces"), asked.but(space_id=None).url, False, 0))
    if asked.author_id:
        authors.insert(0, (_("All authors"), asked.but(author_id=None).url, False, 0))
    return [(title, one) for title, one in ((_("Space"), spaces), (_("Author"), authors)) if one]


def _next(asked: Asked, found: Found) -> str:
    if not found.next_cursor:
        return ""
    kind = asked.kind or found.groups[0].kind
    return Asked(
        text=asked.text, kind=kind, space_id=asked.space_id, author_id=asked.author_id,
        when=asked.when, sort=asked.sort, cursor=found.next_cursor,
    ).url  # fmt: skip


@blueprint.get("/search/suggest")
async def suggest() -> ResponseReturnValue:
    """People and spaces for the box, while one types."""
    reader = current_person()
    await limits.hit(f"suggest:{reader.id}", KEYSTROKES_A_MINUTE, A_MINUTE)
    text = request.args.get("q", "")[:100].strip()
    groups = await results.quick(reader, text) if len(text) > 1 else []
    titles = {kind: _(declaration.title) for kind, declaration in declared.items()}
    return await partial(
        "search/_suggest.html",
        groups=groups,
        titles=titles,
        all_url=Asked(text=text).url,
        text=text,
    )
