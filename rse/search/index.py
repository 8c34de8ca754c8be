"""Keeps the index: from events, and anew from everything. Doing it twice changes nothing."""

from collections.abc import Mapping, Sequence

from rse.kernel.db import transaction
from rse.kernel.ids import new_id, to_public
from rse.kernel.pages import NEWEST
from rse.kernel.reads import ids as numbers

from .documents import Document, declared
from .models import FreshDocument, IndexedText, KnownWord
from .names import companies_of
from .words import plain, spoken, terms

BATCH = 200
LONGEST_BODY = 100_000
SHORTEST_KNOWN = 4
COLUMNS = ("kind", "space_id", "author_id", "title_words", "body_words", "audience")


async def refresh(kind: str, ids: Sequence[int], *, announced: bool = True) -> None:
    """Bring these to what they are now: changed words, or gone. New ones are noted as fresh."""
    if not ids:
        return
    documents = await declared[kind].load(ids)
    companies = await companies_of([document.author_id for document in documents])
    async with transaction():
        known = set(await numbers(IndexedText.filter(id__in=list(ids)).exclude(body_words="")))
        await IndexedText.filter(id__in=list(ids)).delete()
        # Somebody else may be bringing the same up to date: the later one wins.
        await IndexedText.bulk_create(
            [_row(kind, one, companies) for one in documents],
            on_conflict=["id"],
            update_fields=COLUMNS,
        )
        if announced:
            fresh = [FreshDocument(id=one.id) for one in documents if one.id not in known]
            await FreshDocument.bulk_create(fresh, ignore_conflicts=True)
    await _remember_words(documents)


async def reindex() -> dict[str, int]:
    """Build the index anew, kind by kind. Search goes on meanwhile; how many of each."""
    counted = {}
    for kind, declaration in declared.items():
        counted[kind], last = 0, 0
        while found := await declaration.ids_after(last, BATCH):
            await _look_again(kind, last, found)
            counted[kind] += len(found)
            last = found[-1]
        # Beyond the last there may be what is gone, and what was written this very moment.
        while stray := await _known_between(kind, last, NEWEST):
            await refresh(kind, stray, announced=False)
            last = stray[-1]
    return counted


async def fill_when_empty() -> None:
    """After the upgrade that brings search, or a lost index: nobody needs to remember it."""
    if not await IndexedText.exists():
        await reindex()


async def _look_again(kind: str, last: int, found: Sequence[int]) -> None:
    """Bring to what they are now: things that exist, and what the index thinks is between them."""
    after = last
    while stray := await _known_between(kind, after, found[-1]):
        gone = [one for one in stray if one not in set(found)]
        await refresh(kind, gone, announced=False)
        after = stray[-1]
    await refresh(kind, found, announced=False)


async def _known_between(kind: str, after: int, until: int) -> list[int]:
    rows = IndexedText.filter(kind=kind, id__gt=after, id__lte=until)
    return await numbers(rows.order_by("id").limit(BATCH))


def _row(kind: str, document: Document, companies: Mapping[int, int]) -> IndexedText:
    company_id = document.company_id or companies.get(document.author_id, 0)
    return IndexedText(
        id=document.id,
        kind=kind,
        space_id=document.space_id,
        author_id=document.author_id,
        title_words=" ".join(terms(_headline(document), 500)),
        body_words=" ".join(terms(document.body[:LONGEST_BODY])),
        audience=audience_of(kind, document.space_id, document.author_id, company_id),
    )


def audience_of(kind: str, space_id: int, author_id: int, company_id: int) -> str:
    """What a match is narrowed by inside the index."""
    where, who, whose = space_token(space_id), author_token(author_id), company_token(company_id)
    return f"{kind_token(kind)} {where} {who} {whose}"


def _headline(document: Document) -> str:
    return f"{document.title} {document.detail} {document.also}"


def kind_token(kind: str) -> str:
    return f"qk{kind}"


def space_token(space_id: int) -> str:
    """A word nobody writes; letters and digits stay one lexeme on both engines."""
    return _token("qs", space_id)


def author_token(person_id: int) -> str:
    return _token("qa", person_id)


def company_token(organisation_id: int) -> str:
    return _token("qo", organisation_id)


def _token(mark: str, number: int) -> str:
    return f"{mark}{to_public(number).lower()}"


async def _remember_words(documents: Sequence[Document]) -> None:
    known: dict[str, str] = {}
    for document in documents:
        text = f"{_headline(document)} {document.body[:LONGEST_BODY]}"
        for written in spoken(text):
            word = plain(written)
            if len(word) >= SHORTEST_KNOWN and word.isalpha():
                known.setdefault(word, written.casefold()[:64])
    if known:
        await KnownWord.bulk_create(
            [KnownWord(id=new_id(), word=word, shown=shown) for word, shown in known.items()],
            ignore_conflicts=True,
            batch_size=500,
        )


async def indexed_ids(kind: str) -> list[int]:
    """What the index knows of a kind: for checks."""
    return await numbers(IndexedText.filter(kind=kind).order_by("id"))


async def fresh(limit: int) -> list[int]:
    """What can be found since a moment ago, the oldest first."""
    return await numbers(FreshDocument.all().order_by("id").limit(limit))


async def forget_fresh(ids: Sequence[int]) -> None:
    await FreshDocument.filter(id__in=list(ids)).delete()
