"""What is done straight from a mail: one person, one thing, one deed to a link or address."""

from dataclasses import dataclass

from rse.config import settings
from rse.identity.models import Account, Person
from rse.kernel.errors import NotAllowed, NotFound
from rse.kernel.i18n import gettext as _
from rse.mail.address import Kind, Token, is_expired, read, topic_code
from rse.mail.ours import keys, today, token_address
from rse.mail.types import MailAction, mail_actions

DAYS = 30


@dataclass(frozen=True, slots=True)
class Deed:
    """Who does what to which thing."""

    person: Person
    action: MailAction
    object_id: int


def address_of(kind: str, object_id: int, account: Account) -> str:
    """An address that does one thing when its person writes to it, whatever they write."""
    return token_address(Kind.ACT, object_id, account.person_id, kind, account.epoch)


def link_of(address: str) -> str:
    return f"{settings().origin}/m/a/{address.partition('@')[0]}"


async def deed_of(local_part: str) -> Deed:
    """What a link leads to; NotFound for one that nobody made."""
    token = read(keys(), local_part)
    if token is None or token.kind is not Kind.ACT:
        raise NotFound(_("This link is not valid. Sign in to do it there."))
    return await deed(token)


async def deed(token: Token) -> Deed:
    """Ends with its month, with the person's account, and when they signed out everywhere."""
    account = await Account.get_or_none(person_id=token.person_id).select_related(
        "person__organisation"
    )
    action = next((a for a in mail_actions.values() if topic_code(a.kind) == token.topic), None)
    if account is None or action is None or not account.person.is_active:
        raise NotFound(_("This link is not valid. Sign in to do it there."))
    if account.epoch & 0xFFFF != token.epoch or is_expired(token, today(), DAYS):
        raise NotAllowed(_("This link is too old. Sign in to do it there."))
    return Deed(account.person, action, token.object_id)
