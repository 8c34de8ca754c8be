"""What follows when something happens to a space."""

from rse.identity.events import PersonArrived, PersonDeactivated, PersonReactivated
from rse.identity.models import ADMIN, Account, Person
from rse.kernel.ids import to_public
from rse.kernel.reads import ids
from rse.ldap import queries as directories
from rse.ldap.events import PlacesRead
from rse.notifications import notify, withdraw_space
from rse.realtime.hub import hub

from . import actions, queries
from .events import (
    AccessRequested,
    MemberLeft,
    OwnershipPassed,
    PersonInvited,
    RequestAccepted,
    SpaceChanged,
    SpaceOrphaned,
)


async def welcome(event: PersonArrived | PersonReactivated) -> None:
    """Everybody of ours is in the company's space."""
    person = await Person.get_or_none(id=event.person_id)
    if person and person.is_local and person.is_active:
        space = await actions.ensure_company_space()
        await actions.admit(space.id, person.id)


async def hand_over(event: PersonDeactivated) -> None:
    """What the person owned alone finds another owner."""
    await actions.hand_over(event.person_id)


async def keep_places(event: PlacesRead) -> None:
    """After a run of a directory: its groups' people are in their spaces, and nobody else is."""
    belonging = await directories.belonging(event.directory)
    await actions.reconcile(f"ldap:{event.directory}", belonging)


async def tell_heir(event: OwnershipPassed) -> None:
    await notify(
        "spaces.inherited",
        [event.person_id],
        key=f"inherited:{event.space_id}:{event.from_id}",
        actor_id=event.from_id,
        object_id=event.space_id,
        space_id=event.space_id,
    )


async def tell_administrators(event: SpaceOrphaned) -> None:
    """Nobody could follow: an administrator takes the space over, or finds somebody."""
    admins = await ids(Account.filter(role=ADMIN, person__status="active"), "person_id")
    await notify(
        "spaces.orphaned",
        admins,
        key=f"orphaned:{event.space_id}:{event.from_id}",
        actor_id=event.from_id,
        object_id=event.space_id,
    )


async def tell_moderators(event: AccessRequested) -> None:
    await notify(
        "spaces.request",
        await queries.moderator_ids(event.space_id),
        key=f"request:{event.space_id}:{event.person_id}",
        actor_id=event.person_id,
        object_id=event.space_id,
        space_id=event.space_id,
    )


async def tell_accepted(event: RequestAccepted) -> None:
    await notify(
        "spaces.accepted",
        [event.person_id],
        key=f"accepted:{event.space_id}:{event.person_id}",
        actor_id=event.by_id,
        object_id=event.space_id,
        space_id=event.space_id,
    )


async def tell_invited(event: PersonInvited) -> None:
    await notify(
        "spaces.invited",
        [event.person_id],
        key=f"invited:{event.space_id}:{event.person_id}",
        actor_id=event.by_id,
        object_id=event.space_id,
        space_id=event.space_id,
    )


async def forget_notices(event: MemberLeft) -> None:
    """Who is not in the space any more has nothing to be told of it."""
    await withdraw_space(event.person_id, event.space_id)


async def stop_listening(event: MemberLeft | SpaceChanged) -> None:
    """Open pages that may not read the space any more hear nothing more of it."""
    await hub.recheck(f"space:{to_public(event.space_id)}")
