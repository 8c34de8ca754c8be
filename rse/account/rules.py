"""Who may come in, and by which way. Pure: no database, no clock."""

from rse.identity.models import Account, Invitation
from rse.identity.sign_in import LOCAL


def must_prove_address(invitation: Invitation) -> bool:
    """A link for one mail domain: whoever holds it gets a personal invitation by mail first."""
    return bool(invitation.domain) and not invitation.email


def address_fits(invitation: Invitation, address: str) -> bool:
    if invitation.email:
        return address == invitation.email
    return not invitation.domain or address.rpartition("@")[2] == invitation.domain


def must_wait(invitation: Invitation, *, approval: bool) -> bool:
    """Where administrators want to be asked: for those nobody invited by their address."""
    return approval and (invitation.by_link or not invitation.email)


def may_change_password(account: Account) -> bool:
    """Only a password that is kept here; a directory keeps its own."""
    return account.source == LOCAL
