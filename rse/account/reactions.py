"""Mails that follow a request for a link and an invitation."""

from rse.config import settings
from rse.identity import links
from rse.identity.community import community
from rse.identity.events import InvitationMade, LinkRequested
from rse.identity.invitations import invitation_token, is_open
from rse.identity.models import Account, Invitation
from rse.mail import system


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
