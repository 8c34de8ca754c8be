"""Reads of lists of people to invite."""

from collections.abc import Sequence

from rse.admin.invitation_lists import Line
from rse.admin.models import InvitationBatch
from rse.identity.models import Account, Invitation, Person
from rse.kernel import clock
from rse.kernel.errors import NotFound
from rse.kernel.i18n import gettext as _

RECENT = 10


async def batch(batch_id: int) -> InvitationBatch:
    """The door to one list."""
    found = await InvitationBatch.get_or_none(id=batch_id)
    if found is None:
        raise NotFound(_("This list does not exist, or not any more."))
    return found


async def started(batch_id: int) -> InvitationBatch | None:
    """A list whose invitations are being made."""
    return await InvitationBatch.get_or_none(id=batch_id, state="started").select_related("made_by")


async def recent() -> list[InvitationBatch]:
    return await InvitationBatch.exclude(state="preview").order_by("-id").limit(RECENT)


def lines_of(batch: InvitationBatch) -> list[Line]:
    return [Line(**kept) for kept in batch.lines]


async def known(addresses: Sequence[str]) -> set[str]:
    """Which of these addresses somebody here has."""
    wanted = list(addresses)
    people = await Person.filter(email__in=wanted, uri=None).values_list("email", flat=True)
    logins = await Account.filter(login__in=wanted).values_list("login", flat=True)
    return {str(one) for one in (*people, *logins)}


async def waiting(addresses: Sequence[str]) -> set[str]:
    """Which of these addresses have an open invitation."""
    found = Invitation.filter(
        email__in=list(addresses), cancelled_at=None, uses_left__gte=1,
        expires_at__gte=clock.now(),
    )  # fmt: skip
    return {str(one) for one in await found.values_list("email", flat=True)}
