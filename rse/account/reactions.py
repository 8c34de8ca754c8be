"""Mails that follow a request for a link and an invitation."""

from datetime import timedelta

from rse.config import settings
from rse.identity import links
from rse.identity.community import community
from rse.identity.events import InvitationMade, LinkRequested
from rse.identity.invitations import invitation_token, is_open
from rse.identity.models import Account, Invitation
from rse.kernel import clock
from rse.kernel.ids import at_time
from rse.mail import system
from rse.notifications import notify

from . import queries
from .events import JoinRequested
from .models import JoinRequest

KEPT = timedelta(days=90)


async def mail_link(event: LinkRequested) -> None:
    """The link is made now, so that it is as fresh as the mail; a repeat makes a new one."""
    account = await Account.get_or_none(id=event.account_id).select_related("person")
    if account is None or not account.person.is_active or not account.person.email:
        return
    token = await links.make_link(event.purpose, account.id)
    await system.send(
        "reset",
        account.person.email,
        account.person.language,
        {"name": account.person.display_name, "url": f"{settings().origin}/reset/{token}"},
    )


async def tell_administrators(event: JoinRequested) -> None:
    if await JoinRequest.exists(id=event.request_id):
        await notify(
            "account.join_requested",
            await queries.admin_ids(),
            key=f"join:{event.request_id}",
            object_id=event.request_id,
        )


async def forget_waiting() -> None:
    """Nobody answered for a long time: what they sent is not kept for ever."""
    await JoinRequest.filter(id__lt=at_time(clock.now() - KEPT)).delete()


async def mail_invitation(event: InvitationMade) -> None:
    invitation = await Invitation.get_or_none(id=event.invitation_id).select_related("invited_by")
    if invitation is None or not invitation.email or not is_open(invitation):
        return
    await system.send(
        "invitation",
        invitation.email,
        (await community()).language,
        {
            "inviter": invitation.invited_by.display_name,
            "url": f"{settings().origin}/join/{invitation_token(invitation)}",
        },
    )
