"""Spaces in search: found by name and description."""

from collections.abc import Sequence

from rse.kernel.i18n import N_
from rse.kernel.ids import to_public
from rse.kernel.text import excerpt
from rse.search import index
from rse.search.documents import Document, SearchDocument

from . import queries
from .events import SpaceChanged, SpaceCreated


async def index_space(event: SpaceCreated | SpaceChanged) -> None:
    await index.refresh("space", [event.space_id])


async def load(ids: Sequence[int]) -> list[Document]:
    return [
        Document(
            id=space.id,
            title=space.name,
            body=space.description,
            space_id=space.id,
            company_id=space.organisation_id,
            detail=excerpt(space.description),
            url=f"/spaces/{to_public(space.id)}",
            company="" if space.organisation.is_ours else space.organisation.name,
        )
        for space in await queries.findable(ids)
    ]


SPACE = SearchDocument(kind="space", title=N_("Spaces"), load=load, ids_after=queries.ids_after)
