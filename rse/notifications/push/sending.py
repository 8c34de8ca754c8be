"""Sends a notice to each device: one job per device, so that one that fails holds up no other."""

import logging
from datetime import timedelta

import orjson
from tortoise.expressions import F

from rse.config import settings
from rse.identity.models import ACTIVE
from rse.kernel import clock
from rse.kernel.db import transaction
from rse.kernel.errors import NotFound
from rse.kernel.http import AddressRefused, NoAnswer, client
from rse.kernel.i18n import using
from rse.kernel.ids import made_at, to_public
from rse.kernel.text import excerpt
from rse.notifications import queries
from rse.notifications.events import NoticeCreated, PushQueued
from rse.notifications.models import PUSH_DUE, PUSH_SPREAD, Notification, PushSubscription

from .encryption import Receiver, encrypt
from .vapid import authorization

log = logging.getLogger(__name__)

TTL = timedelta(days=1)
MOST_FAILURES = 30
GONE = {404, 410}
TITLE, BODY = 120, 300


async def spread(event: NoticeCreated) -> None:
    """Queue the notice for each device of its person, once."""
    async with transaction() as change:
        if not await Notification.filter(id=event.notice_id, push_state=PUSH_DUE).update(
            push_state=PUSH_SPREAD
        ):
            return
        notice = await Notification.get(id=event.notice_id)
        for each in await PushSubscription.filter(person_id=notice.person_id).values("id"):
            change.record(PushQueued(notice.id, each["id"]))


async def send(event: PushQueued) -> None:
    """Send to one device, unless the notice was read or grew old meanwhile."""
    device = await PushSubscription.get_or_none(id=event.subscription_id)
    message = await _message(event.notice_id) if device else None
    if device is None or message is None:
        return
    notice, words = message
    try:
        answer = await client().request(
            "POST", device.endpoint, headers=_headers(device.endpoint, notice.thread_id),
            body=encrypt(words, Receiver(bytes(device.public_key), bytes(device.auth))),
            max_bytes=65_536,
        )  # fmt: skip
    except AddressRefused:
        await _failed(device)
        log.warning("a push service at a refused address")
        return
    except NoAnswer:
        await _failed(device)
        raise
    await _settle(device, answer.status)


async def _settle(device: PushSubscription, status: int) -> None:
    if status in GONE:
        await device.delete()
    elif status < 300:
        await PushSubscription.filter(id=device.id).exclude(failures=0).update(failures=0)
    else:
        await _failed(device)
        log.warning("a push service refused", extra={"status": status})
        if status == 429 or status >= 500:  # later it may take it
            raise NoAnswer(f"the push service answered {status}")


async def _failed(device: PushSubscription) -> None:
    """Count it; a device that nobody can reach for long is given up."""
    await PushSubscription.filter(id=device.id).update(failures=F("failures") + 1)
    await PushSubscription.filter(id=device.id, failures__gte=MOST_FAILURES).delete()


async def _message(notice_id: int) -> tuple[Notification, bytes] | None:
    """The notice and its words in its person's language; None when there is nothing to say."""
    notice = await Notification.get_or_none(id=notice_id).select_related("person")
    if notice is None or notice.person.status != ACTIVE:
        return None
    if (notice.in_app and notice.read_at) or made_at(notice.id) < clock.now() - TTL:
        return None
    with using(notice.person.language, notice.person.timezone):
        try:
            text = await queries.text_of(notice)
        except NotFound:
            return None
    return notice, orjson.dumps(
        {
            "title": excerpt(text.sentence, TITLE),
            "body": excerpt(text.excerpt or text.body_text, BODY),
            "url": f"/notifications/{to_public(notice.id)}/open",
            "tag": to_public(notice.thread_id),
        }
    )


def _headers(endpoint: str, thread_id: int) -> dict[str, str]:
    return {
        "Authorization": authorization(endpoint, settings().origin),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(int(TTL.total_seconds())),
        # A newer message of the thread takes the place of one that still waits there.
        "Topic": to_public(thread_id),
        "Urgency": "normal",
    }
