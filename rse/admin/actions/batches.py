"""Inviting many people from a list: looked at first, made in the background, run again at will."""

from collections.abc import Sequence
from dataclasses import replace

from rse.admin.events import InvitationsWanted
from rse.admin.invitation_lists import INVITED, KNOWN, WAITING, Line, read
from rse.admin.models import InvitationBatch
from rse.admin.queries import batches as queries
from rse.identity import invitations
from rse.identity.invitations import Terms
from rse.identity.models import Account
from rse.kernel.db import transaction
from rse.kernel.errors import Invalid
from rse.kernel.i18n import gettext as _

from .audit import note

AT_ONCE = 50


async def look_at(actor: Account, content: bytes, days: int) -> InvitationBatch:
    """Read a list and keep what would come of it; nobody is invited yet."""
    lines = await _with_known(read(content))
    return await InvitationBatch.create(
        made_by=actor.person, days=days, lines=[line.kept() for line in lines]
    )


async def _with_known(lines: Sequence[Line]) -> list[Line]:
    """Mark who is here, and who was invited and has not come yet."""
    addresses = [line.email for line in lines if not line.error]
    known, waiting = await queries.known(addresses), await queries.waiting(addresses)
    return [
        replace(line, error=line.error or _standing(line.email, known, waiting)) for line in lines
    ]


def _standing(email: str, known: set[str], waiting: set[str]) -> str:
    return KNOWN if email in known else WAITING if email in waiting else ""


async def start(actor: Account, batch: InvitationBatch) -> None:
    """Have the invitations made; pressing twice is once."""
    good = sum(not line.error for line in queries.lines_of(batch))
    if not good:
        raise Invalid(_("There is nobody to invite in this list."))
    async with transaction() as change:
        if await InvitationBatch.filter(id=batch.id, state="preview").update(state="started"):
            change.record(InvitationsWanted(batch.id))
            await note(actor, "invitation.mailed", subject=str(good))


async def make_all(batch_id: int) -> None:
    """Make what is not made yet, some at a time: killed in between, it goes on where it was."""
    while batch := await queries.started(batch_id):
        lines = queries.lines_of(batch)
        todo = [n for n, line in enumerate(lines) if not line.error and not line.outcome][:AT_ONCE]
        async with transaction():
            checked = await _with_known([lines[n] for n in todo])
            for number, line in zip(todo, checked, strict=True):
                lines[number] = await _invite(batch, line)
            await InvitationBatch.filter(id=batch.id).update(
                lines=[line.kept() for line in lines], state="started" if todo else "done"
            )


async def _invite(batch: InvitationBatch, line: Line) -> Line:
    if line.error:  # came, or was invited, since the list was looked at
        return replace(line, error="", outcome=line.error)
    terms = Terms(email=line.email, name=line.name, days=batch.days)
    await invitations.make_invitation(batch.made_by, terms)
    return replace(line, outcome=INVITED)
