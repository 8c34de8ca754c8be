"""Devices that show notices: put on, listed, taken off."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from rse.config import settings
from rse.identity.models import Session
from rse.kernel.crypto import hash_token
from rse.kernel.db import transaction
from rse.kernel.errors import Invalid
from rse.kernel.http import AddressRefused, Guard
from rse.kernel.i18n import gettext as _
from rse.notifications.models import PushSubscription

from .encryption import Receiver, read_point
from .vapid import decode

MOST = 20


def read_keys(p256dh: str, auth: str) -> Receiver:
    """The browser's keys; Invalid for what no browser sends."""
    try:
        receiver = Receiver(decode(p256dh), decode(auth))
        read_point(receiver.public)
    except ValueError:
        raise _unusable() from None
    if len(receiver.public) != 65 or len(receiver.auth) != 16:
        raise _unusable()
    return receiver


async def subscribe(
    person_id: int, session: Session, endpoint: str, keys: Receiver
) -> PushSubscription:
    """Tell this device from now on. The same browser again replaces what was known of it."""
    check_endpoint(endpoint)
    digest = hash_token(endpoint).hex()
    async with transaction():
        await PushSubscription.filter(endpoint_hash=digest).delete()
        await PushSubscription.filter(session_id=session.id).delete()
        made = await PushSubscription.create(
            person_id=person_id, session_id=session.id, endpoint=endpoint, endpoint_hash=digest,
            public_key=keys.public, auth=keys.auth, browser=session.browser,
        )  # fmt: skip
        for old in (await devices_of(person_id))[MOST:]:
            await old.delete()
    return made


def check_endpoint(endpoint: str) -> None:
    """Invalid unless it is a public address that may be called; names are checked when called."""
    try:
        address = urlsplit(endpoint)
        host, _port = address.hostname or "", address.port
    except ValueError:
        raise _unusable() from None
    schemes = {"https"} if settings().secure else {"https", "http"}
    if address.scheme not in schemes or not host or address.username or not endpoint.isascii():
        raise _unusable()
    try:
        Guard(settings().network.allowed_private).check(host)
    except AddressRefused:
        raise _unusable() from None
    except ValueError:
        return  # a name: the guard looks at what it resolves to, each time


async def unsubscribe(person_id: int, subscription_id: int) -> None:
    await PushSubscription.filter(id=subscription_id, person_id=person_id).delete()


async def devices_of(person_id: int) -> Sequence[PushSubscription]:
    """The newest first."""
    return await PushSubscription.filter(person_id=person_id).order_by("-id")


def _unusable() -> Invalid:
    return Invalid(_("This browser’s push service cannot be used."))
