"""The business card of one of our people, as one partner may see it, and news of it."""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from rse.identity.events import PersonChanged
from rse.identity.models import Person
from rse.kernel import clock
from rse.kernel.db import transaction
from rse.kernel.events import ordered
from rse.kernel.ids import new_id
from rse.kernel.reads import ids

from .core import jcs
from .core.vocab import Activity, Detail
from .core.vocab import Person as PersonDocument
from .io import log
from .io.models import CONTENT, Introduction
from .names import activity_uri, object_uri

Details = Callable[[int, Person], Awaitable[Sequence[tuple[str, str]]]]
# What features let the partner of this organisation know of a person, by name.
details: dict[str, Details] = {}


async def card_for(
    organisation_id: int | None, person: Person, card: PersonDocument
) -> PersonDocument:
    """The card with what is meant for the partner of this organisation and for no other.

    Of somebody who left there is nothing more to tell.
    """
    if organisation_id is None or not person.is_active:
        return replace(card, details=None)
    told = [
        Detail(name=name, value=value)
        for known in details.values()
        for name, value in await known(organisation_id, person)
    ]
    return replace(card, details=tuple(told) or None)


async def introduce(partner_id: int, person_id: int, card: PersonDocument) -> None:
    """Remember the first card a partner gets. The later ones are `tell`'s to send and remember:
    a card that came along with a post says nothing of details that were taken back meanwhile."""
    await Introduction.get_or_create(
        {"card_digest": _digest(card)}, partner_id=partner_id, person_id=person_id
    )


@ordered
async def tell_of_card(event: PersonChanged) -> None:
    await tell(event.person_id)


async def tell(person_id: int, *, is_back: bool = False) -> None:
    """Send each partner who knows the person their new card, if theirs is another now.

    What is hidden from a partner from now on is so taken back from their instance, too. A card
    says that the person is there: of somebody who left it waits until they are back.
    """
    person = await Person.get_or_none(id=person_id, uri=None)
    if person is None or not person.is_active:
        return
    knowing = await Introduction.filter(
        person_id=person_id, partner__state__in=("active", "suspended")
    ).select_related("partner")
    plain = PersonDocument(
        id=object_uri("people", person.id), name=person.display_name, title=person.title or None
    )
    for known in knowing:
        card = await card_for(known.partner.organisation_id, person, plain)
        if is_back or known.card_digest != _digest(card):
            await _send(known.partner_id, person_id, card)


async def known_people(after: int, limit: int) -> list[int]:
    """Whom some partner knows, in the order of ids."""
    found = Introduction.filter(person_id__gt=after).order_by("person_id").distinct()
    return await ids(found.limit(limit), "person_id")


async def _send(partner_id: int, person_id: int, card: PersonDocument) -> None:
    said = Activity(
        id=activity_uri(f"person.card:{person_id}:{new_id()}"), type="Update", actor=card.id,
        object=replace(card, details=card.details or ()), published=clock.now(),
    )  # fmt: skip
    async with transaction():
        await log.append(partner_id, CONTENT, said)
        await Introduction.filter(partner_id=partner_id, person_id=person_id).update(
            card_digest=_digest(card)
        )


def _digest(card: PersonDocument) -> str:
    return hashlib.sha256(jcs.canonical(card.to_json())).hexdigest()
