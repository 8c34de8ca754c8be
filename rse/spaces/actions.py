"""Changes to spaces and to who is in them."""

from typing import Any, Literal

from pydantic import BaseModel, Field, field_validator
from tortoise.exceptions import IntegrityError
from tortoise.expressions import F

from rse.identity.models import Person
from rse.identity.people import our_organisation
from rse.kernel import clock
from rse.kernel.db import transaction
from rse.kernel.errors import Conflict, NotAllowed, NotFound
from rse.kernel.i18n import gettext as _
from rse.kernel.text import clean_line, clean_text, fold
from rse.realtime.hub import recheck_after
from rse.realtime.topics import topic_of

from . import queries, rules
from .events import (
    AccessRequested,
    MemberJoined,
    MemberLeft,
    PersonInvited,
    RequestAccepted,
    SpaceChanged,
    SpaceCreated,
)
from .models import INVITED, JOINED, MEMBER, OWNER, REQUESTED, Membership, Space

COMPANY_SPACE_ID = 1


class SpaceDraft(BaseModel):
    """A space as its owner describes it."""

    name: str = Field(min_length=2, max_length=80)
    description: str = Field("", max_length=2000)
    access: Literal["open", "request", "invitation", "secret"] = "open"
    category: int = Field(1, ge=1, le=12)

    @field_validator("name")
    @classmethod
    def _a_real_name(cls, value: str) -> str:
        cleaned = clean_line(value, 80)
        if len(cleaned) < 2:
            raise ValueError(_("Write at least two visible characters."))
        return cleaned


async def create(creator: Person, draft: SpaceDraft) -> Space:
    """Open a space; its creator owns it."""
    if not rules.may_create(creator):
        raise NotAllowed(_("You cannot create spaces."))
    async with transaction() as change:
        space = await Space.create(
            organisation=await our_organisation(), **_columns(draft), member_count=1
        )
        await Membership.create(space=space, person=creator, role=OWNER)
        change.record(SpaceCreated(space.id))
    return space


async def change_space(editor: Person, space_id: int, draft: SpaceDraft) -> Space:
    """Rename, describe, open or close a space."""
    view = await queries.space_for(editor, space_id)
    if not rules.may_manage(view.membership):
        raise NotAllowed(_("Only owners of the space can change it."))
    async with transaction() as change:
        await Space.filter(id=space_id).update(**_columns(draft))
        change.record(SpaceChanged(space_id))
        recheck_after(change, topic_of("space", space_id))
    return (await queries.space_for(editor, space_id)).space


def _columns(draft: SpaceDraft) -> dict[str, Any]:
    return {
        "name": draft.name,
        "search_name": fold(draft.name)[:160],
        "description": clean_text(draft.description),
        "access": draft.access,
        "category": draft.category,
    }


async def join(person: Person, space_id: int) -> None:
    """Come in, where the door is open or an invitation waits."""
    view = await queries.space_for(person, space_id)
    if rules.is_member(view.membership):
        return
    if not rules.may_join(person, view.space, view.membership):
        raise NotAllowed(_("This space is not open to everybody. Ask one of its owners."))
    await admit(space_id, person.id)


async def request_access(person: Person, space_id: int, message: str = "") -> None:
    """Ask the owners to be let in; asking twice is asking once."""
    view = await queries.space_for(person, space_id)
    if view.membership and view.membership.status == REQUESTED:
        return
    if not rules.may_request(person, view.space, view.membership):
        raise NotAllowed(_("This space does not take requests."))
    try:
        async with transaction() as change:
            await Membership.create(
                space_id=space_id, person=person, status=REQUESTED,
                message=clean_line(message, 500),
            )  # fmt: skip
            change.record(AccessRequested(space_id, person.id))
    except IntegrityError:  # the same form, at the same moment
        return


async def accept_request(moderator: Person, space_id: int, person_id: int) -> None:
    """Let somebody in who asked."""
    await _moderated(moderator, space_id)
    if not await Membership.exists(space_id=space_id, person_id=person_id, status=REQUESTED):
        raise NotFound(_("This request has been answered already."))
    async with transaction() as change:
        await admit(space_id, person_id)
        change.record(RequestAccepted(space_id, person_id, moderator.id))


async def refuse_request(moderator: Person, space_id: int, person_id: int) -> None:
    await _moderated(moderator, space_id)
    await Membership.filter(space_id=space_id, person_id=person_id, status=REQUESTED).delete()


async def invite(inviter: Person, space_id: int, person_id: int) -> None:
    """Invite one of our people; inviting twice is inviting once."""
    view = await queries.space_for(inviter, space_id)
    if not rules.may_invite(inviter, view.space, view.membership):
        raise NotAllowed(_("Only owners of the space can invite. Ask one of them."))
    guest = await Person.get_or_none(id=person_id)
    if guest is None or not guest.is_active or not guest.is_local:
        raise NotFound(_("This person cannot be invited."))
    try:
        async with transaction() as change:
            await Membership.create(space_id=space_id, person_id=person_id, status=INVITED)
            change.record(PersonInvited(space_id, person_id, inviter.id))
    except IntegrityError:
        raise Conflict(_("This person is a member or invited already.")) from None


async def leave(person: Person, space_id: int) -> None:
    """Go; what one wrote stays."""
    view = await queries.space_for(person, space_id)
    async with transaction():
        owners = await _owners_held(space_id)
        if not rules.may_leave(view.space, view.membership, owners):
            raise NotAllowed(_("Make somebody else an owner first: a space needs one."))
        await dismiss(space_id, person.id)


async def remove(moderator: Person, space_id: int, person_id: int) -> None:
    """Take somebody out of a space; access ends with this call."""
    view = await _moderated(moderator, space_id)
    target = await Membership.get_or_none(space_id=space_id, person_id=person_id)
    if target is None:
        return
    if target.role == OWNER and not rules.may_manage(view.membership):
        raise NotAllowed(_("Only owners can remove an owner."))
    async with transaction():
        owners = await _owners_held(space_id)
        if not rules.may_leave(view.space, target, owners):
            raise NotAllowed(_("Make somebody else an owner first: a space needs one."))
        await dismiss(space_id, person_id)


async def set_role(
    owner: Person, space_id: int, person_id: int, role: Literal["owner", "moderator", "member"]
) -> None:
    """Change what a member may do; the last owner stays one."""
    view = await queries.space_for(owner, space_id)
    if not rules.may_manage(view.membership):
        raise NotAllowed(_("Only owners of the space can change roles."))
    async with transaction():
        if role != OWNER and await _owners_held(space_id, besides=person_id) == 0:
            raise NotAllowed(_("Make somebody else an owner first: a space needs one."))
        await Membership.filter(space_id=space_id, person_id=person_id, status=JOINED).update(
            role=role
        )


async def _owners_held(space_id: int, besides: int = 0) -> int:
    """How many owners there are, with the space's row held until the transaction ends."""
    # Counted without the lock, two last owners who go at the same moment on PostgreSQL both may.
    await Space.filter(id=space_id).select_for_update().get()
    return await queries.owner_count(space_id, besides)


async def archive(owner: Person, space_id: int, *, archived: bool) -> None:
    """Close a space for writing, or open it again; everything stays readable."""
    view = await queries.space_for(owner, space_id)
    if not rules.may_manage(view.membership) or view.space.is_company:
        raise NotAllowed(_("Only owners of the space can change it."))
    async with transaction() as change:
        moment = clock.now() if archived else None
        await Space.filter(id=space_id).update(archived_at=moment)
        change.record(SpaceChanged(space_id))


async def admit(space_id: int, person_id: int, role: str = MEMBER) -> None:
    """Make somebody a member, whatever they were before. Without a rule: callers have one."""
    async with transaction() as change:
        # Locked, so that two doors opened at once on PostgreSQL let in, and count, one person.
        space = await Space.filter(id=space_id).select_for_update().get()
        known = await Membership.get_or_none(space_id=space_id, person_id=person_id)
        if known and known.status == JOINED:
            return
        if known:
            await Membership.filter(id=known.id).update(
                status=JOINED, since=clock.now(), seen_id=space.last_post_id
            )
        else:
            await Membership.create(
                space_id=space_id, person_id=person_id, role=role, seen_id=space.last_post_id
            )
        await Space.filter(id=space_id).update(member_count=F("member_count") + 1)
        change.record(MemberJoined(space_id, person_id))


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


async def mark_seen(person_id: int, space_id: int, newest_id: int) -> None:
    """Remember the newest post seen in a space; it only grows."""
    await Membership.filter(person_id=person_id, space_id=space_id, seen_id__lt=newest_id).update(
        seen_id=newest_id
    )


async def ensure_company_space() -> Space:
    """The space of everybody; made on first use, named after the company."""
    found = await Space.get_or_none(is_company=True)
    if found is not None:
        return found
    ours = await our_organisation()
    try:
        async with transaction() as change:
            # Its id is always the same, so that two who come first at once make one space.
            change.record(SpaceCreated(COMPANY_SPACE_ID))
            return await Space.create(
                id=COMPANY_SPACE_ID,
                organisation=ours,
                name=ours.name,
                search_name=fold(ours.name),
                is_company=True,
            )
    except IntegrityError:
        return await Space.get(id=COMPANY_SPACE_ID)


async def _moderated(moderator: Person, space_id: int) -> queries.SpaceView:
    view = await queries.space_for(moderator, space_id)
    if not rules.may_moderate(view.membership):
        raise NotAllowed(_("Only owners and moderators of the space can do this."))
    return view
