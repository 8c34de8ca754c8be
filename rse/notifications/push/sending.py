"""Sends a notice to each device: one job per device, so that one that fails holds up no other."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

import orjson
from tortoise.expressions import F
from tortoise.queryset import QuerySet

from rse.config import settings
from rse.identity.models import ACTIVE
from rse.kernel import clock
from rse.kernel.db import transaction
from rse.kernel.errors import NotFound
from rse.kernel.http import AddressRefused, NoAnswer, client
from rse.kernel.i18n import using
from rse.kernel.ids import made_at, to_public
from rse.kernel.text import excerpt
from rse.notifications import queries, trace
from rse.notifications.events import NoticesCreated, PushQueued
from rse.notifications.models import PUSH_DUE, PUSH_SPREAD, Notification, PushSubscription
from rse.notifications.policy import policy
from rse.notifications.preferences import PUSH
from rse.notifications.times import silence_of

from .encryption import Receiver, encrypt
from .vapid import authorization

log = logging.getLogger(__name__)

TTL = timedelta(days=1)
MOST_FAILURES = 30
AT_ONCE = 500
GONE = {404, 410}
TITLE, BODY = 120, 300


async def spread(event: NoticesCreated) -> None:
    """Queue the notices for each device of their people, once; who is not to be disturbed waits."""
    await _spread(Notification.filter(id__in=list(event.notice_ids), held_until=None))


async def spread_held() -> None:
    """Tell devices what waited for the end of quiet hours; a push is worth a day."""
    now = clock.now()
    while await _spread(Notification.filter(held_until__lte=now, held_until__gt=now - TTL)):
        continue


async def _spread(which: QuerySet[Notification]) -> int:
    """How many were due; each is on its way or held once more."""
    due = await which.filter(push_state=PUSH_DUE).select_related("person").limit(AT_ONCE)
    silent, rules = await silence_of({n.person_id: n.person for n in due}.values()), await policy()
    held = [n for n in due if n.person_id in silent and not (n.is_urgent and rules.urgent_passes)]
    for notice in held:
        await _hold(notice, silent[notice.person_id])
    waiting = {notice.id for notice in held}
    await _queue([notice for notice in due if notice.id not in waiting])
    return len(due)


async def _hold(notice: Notification, until: datetime) -> None:
    async with transaction():
        if await Notification.filter(id=notice.id, push_state=PUSH_DUE).update(held_until=until):
            await trace.note_steps([notice], PUSH, trace.HELD, f"{until:%Y-%m-%dT%H:%MZ}")


async def _queue(notices: Sequence[Notification]) -> None:
    if not notices:
        return
    people = {notice.person_id for notice in notices}
    devices: dict[int, list[int]] = {person_id: [] for person_id in people}
    for each in await PushSubscription.filter(person_id__in=people).values("id", "person_id"):
        devices[each["person_id"]].append(each["id"])
    async with transaction() as change:
        for notice in notices:
            if not await Notification.filter(id=notice.id, push_state=PUSH_DUE).update(
                push_state=PUSH_SPREAD
            ):
                continue
            for device in devices[notice.person_id]:
                change.record(PushQueued(notice.id, device))
        told = [notice for notice in notices if devices[notice.person_id]]
        await trace.note_steps(told, PUSH, trace.QUEUED)


async def send(event: PushQueued) -> None:
    """Send to one device, unless the notice was read or grew old meanwhile."""
    device = await PushSubscription.get_or_none(id=event.subscription_id)
    message = await _message(event.notice_id) if device else None
    if device is None or message is None:
        await trace.note_step(event.notice_id, PUSH, trace.DROPPED, "read" if device else "device")
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
        await trace.note_steps([notice], PUSH, trace.REFUSED, "address")
        log.warning("a push service at a refused address")
        return
    except NoAnswer:
        await _failed(device)
        await trace.note_steps([notice], PUSH, trace.REFUSED, "no_answer")
        raise
    step = trace.HANDED if answer.status < 300 else trace.REFUSED
    await trace.note_steps([notice], PUSH, step, str(answer.status))
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
    told_at = max(made_at(notice.place), notice.held_until or made_at(notice.id))
    if (notice.in_app and notice.read_at) or told_at < clock.now() - TTL:
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
            "unread": await queries.unread_count(notice.person_id),
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
