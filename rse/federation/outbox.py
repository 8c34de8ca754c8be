"""What features say to partners: called from their ordered reactions, once per local change."""

from dataclasses import replace

from rse.identity.events import PersonDeactivated, PersonReactivated
from rse.identity.models import Person
from rse.kernel import clock
from rse.kernel.db import transaction
from rse.kernel.events import ordered
from rse.kernel.reads import ids

from . import cards
from .core.ids import origin_of
from .core.vocab import Activity, Mention, Note, Tombstone
from .core.vocab import Person as PersonDocument
from .io import log
from .io.models import CONTENT, Introduction, Share
from .names import activity_uri, local_id, object_uri, on_loopback, our_origin


async def publish(space_id: int, activity: Activity, key: str) -> None:
    """Add the activity to the log of every partner that shares the space.

    `key` names the change, such as "post.created:17": publishing it again adds nothing. What is
    not by one of our own people is not sent on: no agreement lets a host relay for others.
    """
    person = await _person(activity.actor)
    if person is None:
        return
    author = card_of(person, activity.actor)
    said = replace(activity, id=activity_uri(key))
    async with transaction():
        for share in await _shares(space_id):
            card = await cards.card_for(share.partner.organisation_id, person, author)
            addressed = _within_roster(
                replace(said, audience=share.group_uri, card=card), share.partner.origin
            )
            if await log.append(share.partner_id, CONTENT, addressed, share_id=share.id):
                await cards.introduce(share.partner_id, person.id, card)


@ordered
async def tell_of_standing(event: PersonDeactivated | PersonReactivated) -> None:
    """Say to every partner who knows one of ours that they left, or that they are back."""
    person = await Person.get(id=event.person_id)
    if not person.is_local:
        return
    if person.is_active:
        await cards.tell(person.id, is_back=True)
    else:
        await say_left(person)


async def say_left(person: Person) -> None:
    """The person is with us no longer: said once for each time."""
    uri = object_uri("people", person.id)
    said = Activity(
        id=activity_uri(f"person.left:{person.id}:{person.deactivated_at}"), type="Delete",
        actor=uri, card=card_of(person, uri), published=clock.now(),
        object=Tombstone(id=uri, former_type="Person"),
    )  # fmt: skip
    knowing = Introduction.filter(
        person_id=person.id, partner__state__in=("active", "suspended")
    ).order_by("partner_id")
    for partner_id in await ids(knowing, "partner_id"):
        # Among the content, not ahead of it: what they wrote before still arrives as theirs.
        await log.append(partner_id, CONTENT, said)


async def _shares(space_id: int) -> list[Share]:
    # A suspended partner's log goes on: it is sent when the partnership resumes, or never.
    return (
        await Share.filter(
            space_id=space_id, state="active", partner__state__in=("active", "suspended")
        )
        .order_by("id")
        .select_related("partner")
    )


async def _person(actor: str) -> Person | None:
    person_id = local_id(actor, "people")
    return await Person.get_or_none(id=person_id) if person_id else None


def card_of(person: Person, uri: str) -> PersonDocument:
    """What every partner learns of one of our people; `cards` adds what is meant for one."""
    return PersonDocument(id=uri, name=person.display_name, title=person.title or None)


def _within_roster(activity: Activity, partner_origin: str) -> Activity:
    """People of a third company stay text: only ours and the partner's are linked."""
    note = activity.object
    if not isinstance(note, Note) or not note.mentions:
        return activity
    known = (our_origin(), partner_origin)
    kept = tuple(mention for mention in note.mentions if _on(mention, known))
    return replace(activity, object=replace(note, mentions=kept))


def _on(mention: Mention, origins: tuple[str, ...]) -> bool:
    return origin_of(mention.href, loopback=on_loopback()) in origins
