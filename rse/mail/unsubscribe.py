"""Leaving a conversation's mail by link, button or address, without signing in."""

from rse.identity.models import Person
from rse.kernel.errors import NotFound
from rse.kernel.i18n import gettext as _
from rse.mail.address import Kind, Token, read, topic_code
from rse.mail.ours import keys
from rse.notifications.hours import NEVER
from rse.notifications.kinds import NoticeKind, kinds
from rse.notifications.preferences import mute_mail
from rse.notifications.times import change_times

DIGEST = "digest"


def token_of(local_part: str) -> Token:
    """Read the token of an unsubscribe link; NotFound for any other."""
    token = read(keys(), local_part)
    if token is None or token.kind is not Kind.UNSUBSCRIBE:
        raise NotFound(
            _("This link is not valid. Open your settings to choose what you get by mail.")
        )
    return token


def kind_of(token: Token) -> NoticeKind | None:
    """The kind of notice the mail was about, as long as its feature is there."""
    return next((kind for kind in kinds.values() if topic_code(kind.name) == token.topic), None)


def is_digest(token: Token) -> bool:
    """Whether the mail was a summary of many conversations."""
    return token.topic == topic_code(DIGEST) and token.object_id == 0


async def unsubscribe(token: Token, *, whole_kind: bool = False) -> None:
    """No more mail of this conversation, of this kind at all, or no more summaries."""
    person = await Person.get_or_none(id=token.person_id)
    if person is None:
        return
    if is_digest(token):
        await change_times(person, digest=NEVER)
        return
    kind = kind_of(token)
    if whole_kind and kind is not None:
        await mute_mail(token.person_id, kind.name, None)
    else:
        await mute_mail(token.person_id, None, token.object_id)
