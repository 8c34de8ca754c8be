"""Who is in a space, with which role, and how they go."""

from tortoise.expressions import F

from rse.identity.models import Person
from rse.kernel import clock
from rse.kernel.db import transaction
from rse.kernel.errors import NotAllowed, NotFound
from rse.kernel.i18n import gettext as _
from rse.realtime.hub import recheck_after
from rse.realtime.topics import topic_of
from rse.spaces import queries, rules
from rse.spaces.events import MemberJoined, MemberLeft
from rse.spaces.models import AWAY, BARRED, EXTERNAL, JOINED, OWNER, READER, Membership, Space


async def leave(person: Person, space_id: int) -> None:
    """Go; what one wrote stays."""
    view = await queries.space_for(person, space_id)
    if view.membership and view.membership.source:
        raise NotAllowed(
            _(
                "The directory keeps you here, as one of the group %(group)s. Ask whoever looks "
                "after that group.",
                group=view.membership.source_group,
            )
        )
    async with transaction():
        owners = await owners_held(space_id)
        if not rules.may_leave(view.space, view.membership, owners):
            raise NotAllowed(_("Make somebody else an owner first: a space needs one."))
        await dismiss(space_id, person.id)


async def remove(moderator: Person, space_id: int, person_id: int) -> None:
    """Take somebody out of a space; access ends with this call."""
    view = await moderated(moderator, space_id)
    target = await Membership.get_or_none(space_id=space_id, person_id=person_id)
    if target is None:
        return
    if target.role == OWNER and not rules.may_manage(view.membership):
        raise NotAllowed(_("Only owners can remove an owner."))
    if target.source:
        raise NotAllowed(
            _(
                "The directory keeps this person here, as one of the group %(group)s: take them "
                "out of that group.",
                group=target.source_group,
            )
        )
    async with transaction():
        owners = await owners_held(space_id)
        if not rules.may_leave(view.space, target, owners):
            raise NotAllowed(_("Make somebody else an owner first: a space needs one."))
        await dismiss(space_id, person_id)
        if await Person.exists(id=person_id, uri__isnull=False):
            # Their company may say any day that they join: it does not overrule a moderator here.
            await Membership.create(space_id=space_id, person_id=person_id, status=BARRED)


async def set_role(owner: Person, space_id: int, person_id: int, role: str) -> None:
    """Change what a member may do; the last owner stays one."""
    view = await queries.space_for(owner, space_id)
    if not rules.may_manage(view.membership):
        raise NotAllowed(_("Only owners of the space can change roles."))
    target = await Person.get_or_none(id=person_id)
    if target is None:
        raise NotFound(_("This person does not exist, or not any more."))
    if not target.is_local and view.space.uri is not None:
        raise NotAllowed(_("The company that hosts this space decides who writes in it."))
    if role not in rules.roles_for(target):
        raise NotAllowed(_("This role cannot be given to somebody of another company."))
    async with transaction():
        if role != OWNER and await owners_held(space_id, besides=person_id) == 0:
            raise NotAllowed(_("Make somebody else an owner first: a space needs one."))
        await Membership.filter(space_id=space_id, person_id=person_id, status=JOINED).update(
            role=role
        )


async def owners_held(space_id: int, besides: int = 0) -> int:
    """How many owners there are, with the space's row held until the transaction ends."""
    # Counted without the lock, two last owners who go at the same moment on PostgreSQL both may.
    await Space.filter(id=space_id).select_for_update().get()
    return await queries.owner_count(space_id, besides)


async def admit(space_id: int, person_id: int, role: str | None = None) -> bool:
    """Make somebody a member, whatever they were before. Without a rule: callers have one.

    Whether they were not one before. Without a role they get the one of the space's door.
    """
    async with transaction() as change:
        # Locked, so that two doors opened at once on PostgreSQL let in, and count, one person.
        space = await Space.filter(id=space_id).select_for_update().get()
        known = await Membership.get_or_none(space_id=space_id, person_id=person_id)
        if known and known.status == JOINED:
            return False
        columns = {
            "role": role or await _entry_role(space, person_id, known),
            "status": JOINED,
            "seen_id": space.last_post_id,
        }
        if known:
            await Membership.filter(id=known.id).update(since=clock.now(), **columns)
        else:
            await Membership.create(space_id=space_id, person_id=person_id, **columns)
        await Space.filter(id=space_id).update(member_count=F("member_count") + 1)
        change.record(MemberJoined(space_id, person_id))
    return True


async def _entry_role(space: Space, person_id: int, known: Membership | None) -> str:
    if known and known.status == AWAY:
        return known.role
    person = await Person.get(id=person_id)
    return space.entry_role if person.is_local else EXTERNAL


async def dismiss(space_id: int, person_id: int) -> None:
    """End a membership, request or invitation. Without a rule: callers have one."""
    async with transaction() as change:
        was_member = await Membership.filter(
            space_id=space_id, person_id=person_id, status=JOINED
        ).delete()
        await Membership.filter(space_id=space_id, person_id=person_id).delete()
        if was_member:
            await Space.filter(id=space_id).update(member_count=F("member_count") - 1)
            change.record(MemberLeft(space_id, person_id))
        recheck_after(change, topic_of("space", space_id), person_id)


async def see_off(space_id: int, person_id: int) -> None:
    """A partner's person leaves by their company's word. Whom a moderator lets read only, they
    cannot make a writer by taking them out and in again."""
    here = Membership.filter(space_id=space_id, person_id=person_id)
    if await here.filter(status=AWAY).exists():
        return
    async with transaction():
        reads_only = await here.filter(status=JOINED, role=READER).exists()
        await dismiss(space_id, person_id)
        if reads_only:
            await Membership.create(
                space_id=space_id, person_id=person_id, role=READER, status=AWAY
            )


async def mark_seen(person_id: int, space_id: int, newest_id: int) -> None:
    """Remember the newest post seen in a space; it only grows."""
    await Membership.filter(person_id=person_id, space_id=space_id, seen_id__lt=newest_id).update(
        seen_id=newest_id
    )


async def moderated(moderator: Person, space_id: int) -> queries.SpaceView:
    view = await queries.space_for(moderator, space_id)
    if not rules.may_moderate(view.membership):
        raise NotAllowed(_("Only owners and moderators of the space can do this."))
    return view
