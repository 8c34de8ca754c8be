"""Spaces among companies: the Group, its mirror at a partner, who joined from where."""

from collections.abc import Mapping
from typing import Any

from rse.federation import names, outbox, share
from rse.federation import queries as federation
from rse.federation.core.vocab import Activity, Group
from rse.federation.types import (
    BY_PARTNER,
    OURSELVES,
    Incoming,
    PartnerResumed,
    PartnerSuspended,
    PartnerTerminated,
    ShareAccepted,
    ShareEnded,
)
from rse.identity.events import PersonDeactivated, PersonReactivated
from rse.identity.models import ADMIN, Account, Person
from rse.kernel import clock
from rse.kernel.db import transaction
from rse.kernel.errors import NotAllowed
from rse.kernel.events import immediate, ordered
from rse.kernel.i18n import gettext as _
from rse.kernel.ids import new_id
from rse.kernel.text import clean_line, clean_text, fold
from rse.realtime.hub import recheck_after
from rse.realtime.topics import topic_of

from . import actions, queries
from .events import MemberJoined, MemberLeft, SpaceCreated
from .models import CLOSED, JOINED, OWNER, REQUEST, Membership, Space


async def group(space_id: int, partner_id: int) -> Mapping[str, Any] | None:
    """The Group document of a space of ours, for a partner who shares it now."""
    space = await Space.get_or_none(id=space_id, uri=None)
    if space is None:
        return None
    if partner_id != OURSELVES and not await federation.is_shared(space_id, partner_id):
        return None
    return document(space).to_json()


def document(space: Space) -> Group:
    """What a partner learns of a space."""
    return Group(
        id=space.uri or names.object_uri("spaces", space.id),
        name=space.name,
        summary=space.description or None,
    )


async def make_mirror(event: ShareAccepted) -> None:
    """As guest: make the place where the partner's space is read here, owned by our admins."""
    shared = await federation.share(event.share_id)
    if shared is None or shared.role != "guest":
        return
    async with transaction() as change:
        mirror = await Space.get_or_none(uri=shared.group_uri)
        if mirror is None:
            name = clean_line(shared.group_name, 80) or "?"
            mirror = await Space.create(
                name=name, search_name=fold(name),
                description=clean_text(shared.group_summary)[:2000],
                access=REQUEST, category=6, organisation_id=shared.organisation_id,
                uri=shared.group_uri,
            )  # fmt: skip
            change.record(SpaceCreated(mirror.id))
        await _reopen([mirror.id])
        await share.attach(event.share_id, mirror.id)
    for account in await Account.filter(role=ADMIN, person__status="active"):
        await actions.admit(mirror.id, account.person_id, OWNER)


@immediate
async def close_mirrors(event: ShareEnded | PartnerSuspended | PartnerTerminated) -> None:
    """What a partner no longer shares is gone for everybody, in the same moment."""
    await _close(await _mirrors(event))


@immediate
async def reopen_mirrors(event: PartnerResumed) -> None:
    mirrors = await _mirrors(event)
    await _reopen([number for number in mirrors if await federation.mirror_is_live(number)])


async def _mirrors(
    event: ShareEnded | PartnerSuspended | PartnerTerminated | PartnerResumed,
) -> list[int]:
    """The mirrors an event is about; a space we host ourselves stays open here."""
    if isinstance(event, ShareEnded):
        shares = [await federation.share(event.share_id)]
    else:
        shares = [*await federation.shares_of(event.partner_id)]
    return [s.space_id for s in shares if s and s.role == "guest" and s.space_id]


async def _close(space_ids: list[int]) -> None:
    async with transaction() as change:
        for space_id in space_ids:
            recheck_after(change, topic_of("space", space_id))
    await Space.filter(id__in=space_ids).update(is_closed=True)
    await Membership.filter(space_id__in=space_ids, status=JOINED).update(status=CLOSED)


async def _reopen(space_ids: list[int]) -> None:
    await Space.filter(id__in=space_ids).update(is_closed=False)
    await Membership.filter(space_id__in=space_ids, status=CLOSED).update(status=JOINED)


@ordered
async def tell_partners(
    event: MemberJoined | MemberLeft | PersonDeactivated | PersonReactivated | ShareAccepted,
) -> None:
    """Say who of ours reads a shared space, and who does no longer."""
    if isinstance(event, ShareAccepted):
        await _introduce_members(event)
        return
    person = await Person.get(id=event.person_id)
    if isinstance(event, PersonDeactivated | PersonReactivated):
        await _go_or_come_back(person)
    elif person.is_local:
        await _say(person, event.space_id, "Join" if isinstance(event, MemberJoined) else "Leave")


async def _go_or_come_back(person: Person) -> None:
    """Ours keep their places for when they are back; whom a partner lost is gone from here."""
    memberships = await Membership.filter(person_id=person.id, status=JOINED)
    for membership in memberships:
        if person.is_local:
            await _say(person, membership.space_id, "Join" if person.is_active else "Leave")
        elif person.status_source == BY_PARTNER:
            await actions.see_off(membership.space_id, person.id)


async def _introduce_members(event: ShareAccepted) -> None:
    """As host: those who were here before the partner came are made known to it."""
    shared = await federation.share(event.share_id)
    if shared is None or shared.role != "host" or shared.space_id is None:
        return
    members = Membership.filter(
        space_id=shared.space_id, status=JOINED, person__uri__isnull=True
    ).order_by("id")
    async for membership in members.select_related("person"):
        await _say(membership.person, shared.space_id, "Join")


async def _say(person: Person, space_id: int, kind: str) -> None:
    said = Activity(
        id="", type=kind, actor=names.person_uri(person), published=clock.now(),
        object=await federation.group_uri(space_id), audience=await federation.group_uri(space_id),
    )  # fmt: skip
    # Of its own each time: people go and come back, and saying it twice changes nothing.
    await outbox.publish(space_id, said, f"{kind}:{space_id}:{person.id}:{new_id()}")


async def receive_join(incoming: Incoming) -> None:
    """A partner's person reads along in a space that is shared with their company."""
    if incoming.space_id is None:
        return
    if await queries.is_barred(incoming.space_id, incoming.actor.id):
        raise NotAllowed(_("A moderator took this person out. Only a moderator lets them back."))
    await actions.admit(incoming.space_id, incoming.actor.id)


async def receive_leave(incoming: Incoming) -> None:
    if incoming.space_id is None:
        return
    # Whoever is kept out stays so, even by going and coming again.
    if not await queries.is_barred(incoming.space_id, incoming.actor.id):
        await actions.see_off(incoming.space_id, incoming.actor.id)
