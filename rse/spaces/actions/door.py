"""The door of a space: coming in, asking to, being invited."""

from collections.abc import Sequence

from tortoise.exceptions import IntegrityError

from rse.identity.models import Person
from rse.kernel.db import transaction
from rse.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from rse.kernel.i18n import gettext as _
from rse.kernel.text import clean_line
from rse.spaces import queries, rules
from rse.spaces.drafts import RequestDraft
from rse.spaces.events import AccessRequested, PersonInvited, RequestAccepted
from rse.spaces.models import INVITED, REQUESTED, Membership

from .members import admit, moderated


async def join(person: Person, space_id: int) -> None:
    """Come in, where the door is open or an invitation waits."""
    view = await queries.space_for(person, space_id)
    if rules.is_member(view.membership):
        return
    if not rules.may_join(person, view.space, view.membership):
        raise NotAllowed(_("This space is not open to everybody. Ask one of its owners."))
    await admit(space_id, person.id)


async def request_access(
    person: Person, space_id: int, message: str = "", answers: Sequence[str] = ()
) -> None:
    """Ask the owners to be let in; asking twice is asking once."""
    view = await queries.space_for(person, space_id)
    if view.membership and view.membership.status == REQUESTED:
        return
    if not rules.may_request(person, view.space, view.membership):
        raise NotAllowed(_("This space does not take requests."))
    draft = RequestDraft.model_construct(message=message, answers=list(answers))
    try:
        async with transaction() as change:
            await Membership.create(
                space_id=space_id, person=person, status=REQUESTED,
                message=clean_line(message, 500), answers=_answered(view.space.questions, draft),
            )  # fmt: skip
            change.record(AccessRequested(space_id, person.id))
    except IntegrityError:  # the same form, at the same moment
        return


def _answered(questions: Sequence[str], draft: RequestDraft) -> list[list[str]]:
    """Each question with its answer; none is left open."""
    given = [clean_line(answer, 500) for answer in draft.answers]
    given += [""] * (len(questions) - len(given))
    missing = {
        f"answers.{n}": _("Answer this question.") for n in range(len(questions)) if not given[n]
    }
    if missing:
        raise Invalid(_("Please check the marked fields."), missing)
    return [[question, given[n]] for n, question in enumerate(questions)]


async def accept_request(moderator: Person, space_id: int, person_id: int) -> None:
    """Let somebody in who asked."""
    view = await moderated(moderator, space_id)
    if view.space.archived_at is not None:
        raise NotAllowed(_("This space is archived: nobody comes in. Open it again first."))
    if not await Membership.exists(space_id=space_id, person_id=person_id, status=REQUESTED):
        raise NotFound(_("This request has been answered already."))
    async with transaction() as change:
        await admit(space_id, person_id)
        change.record(RequestAccepted(space_id, person_id, moderator.id))


async def refuse_request(moderator: Person, space_id: int, person_id: int) -> None:
    await moderated(moderator, space_id)
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
