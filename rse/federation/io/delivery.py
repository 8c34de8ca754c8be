"""Delivers each partner's log: pages in order, control before content, without ever giving up."""

import asyncio
import logging
import random
from collections.abc import Coroutine
from datetime import timedelta
from functools import partial
from http import HTTPStatus

from tortoise.expressions import F, Q
from tortoise.queryset import QuerySet

from rse.config import settings
from rse.federation.core import jsonsafe
from rse.federation.core.jsonsafe import JsonObject
from rse.federation.events import ActivitiesQueued
from rse.kernel import clock, schedule
from rse.kernel.errors import RseError
from rse.kernel.http import Answer
from rse.kernel.reads import ids

from . import audit, client, handshake, pages, pull
from .models import CONTROL, FedOut, Lane, Partner

log = logging.getLogger(__name__)

TURN = timedelta(seconds=60)
PUSH_SECONDS = 20
# About a day: a partner that is gone for good need not be told so for ever.
FAREWELL_TRIES = 100
_wake = asyncio.Event()


class Failed(Exception):
    """This try did not work; `wait_seconds` when the partner said how long to wait."""

    def __init__(self, reason: str, wait_seconds: float | None = None) -> None:
        super().__init__(reason)
        self.wait_seconds = wait_seconds


async def wake_up(_event: ActivitiesQueued) -> None:
    """Subscriber: there is something to send; do not wait for the next look."""
    _wake.set()


async def keep_delivering() -> None:
    """Scheduled, never returns: a slow partner holds up nobody else."""
    busy: set[int] = set()
    async with asyncio.TaskGroup() as group:
        # What partners said while we were away comes now, not when they next try.
        group.create_task(_guarded(pull.catch_up_all()))
        while True:
            _wake.clear()
            for partner_id in await due_partners():
                if partner_id not in busy:
                    busy.add(partner_id)
                    task = group.create_task(_guarded(deliver(partner_id)))
                    task.add_done_callback(partial(_no_longer, busy, partner_id))
            try:
                async with asyncio.timeout(settings().federation.poll_seconds):
                    await _wake.wait()
            except TimeoutError:
                pass


def _no_longer(busy: set[int], partner_id: int, _task: asyncio.Task[None]) -> None:
    busy.discard(partner_id)


async def _guarded(work: Coroutine[None, None, None]) -> None:
    try:
        await work
    except Exception:  # boundary: one partner's trouble must not end the delivery to all others
        log.exception("delivery failed")


async def due_partners() -> list[int]:
    """Partners for whom something waits and whose next try is due."""
    due = set(await ids(_waiting(), "partner_id"))
    return sorted(due | set(await handshake.unfinished()))


def _waiting() -> QuerySet[Lane]:
    """Lanes to be sent now: all of an active partner, the control lane of any other.

    A suspended partner is told of that, and of what is no longer shared; one whom we left is told
    as long as there is hope that it listens.
    """
    farewell = Q(partner__state="terminated", failures__lt=FAREWELL_TRIES)
    control = Q(number=CONTROL) & (Q(partner__state="suspended") | farewell)
    return Lane.filter(
        Q(partner__state="active") | control,
        outgoing=True, acked__lt=F("head"), next_try_at__lte=clock.now(),
    )  # fmt: skip


async def deliver(partner_id: int) -> None:
    """Send what a partner has not acknowledged, unless another process is at it."""
    turn = f"federation.deliver:{partner_id}"
    if not await schedule.hold(turn, TURN):
        return
    try:
        partner = await Partner.get(id=partner_id)
        await _send_all(partner)
        await handshake.go_on(partner)
    finally:
        await schedule.release(turn)


async def _send_all(partner: Partner) -> None:
    while (lane := await _first_waiting(partner)) is not None:
        try:
            await _send_page(partner, lane)
        except Failed as failure:
            await _postpone(partner, lane, failure)
            return
        except RseError as error:
            await _postpone(partner, lane, Failed(error.message))
            return


async def _first_waiting(partner: Partner) -> Lane | None:
    """The control lane before the content lane, looked at anew before every page."""
    # The partner's state too: a suspension stops a long catch-up in the middle.
    return await _waiting().filter(partner_id=partner.id).order_by("number").first()


async def _send_page(partner: Partner, lane: Lane) -> None:
    body, last = await pages.write(lane, lane.acked)
    answer = await client.post(partner.stream, body, timeout_seconds=PUSH_SECONDS)
    if answer.status == HTTPStatus.OK:
        await _acknowledged(partner, lane, last, _read(answer))
    elif answer.status == HTTPStatus.CONFLICT:
        await _rewind(partner, lane, _read(answer))
    elif answer.status == HTTPStatus.FORBIDDEN:
        await _said_of_us(partner, str(_read(answer).get("state", "refused"))[:16])
        raise Failed("the partner refuses", settings().federation.retry_longest_seconds)
    else:
        raise Failed(f"status {answer.status}", _retry_after(answer))


async def _acknowledged(partner: Partner, lane: Lane, last: int, said: JsonObject) -> None:
    ack = said.get("ack")
    if not isinstance(ack, int) or not lane.acked < ack <= last:
        raise Failed("an acknowledgement of something else")
    await Lane.filter(id=lane.id, acked__lt=ack).update(acked=ack)
    # Both lanes were put off together: one answer shows that the partner is there for both.
    await Lane.filter(partner_id=partner.id, outgoing=True).update(
        failures=0, last_error="", next_try_at=clock.now()
    )
    await Partner.filter(id=partner.id).update(last_out_at=clock.now(), said_of_us="")
    results = said.get("results")
    for result in results if isinstance(results, list) else []:
        if isinstance(result, dict) and result.get("result") == "rejected":
            await _note_rejection(partner, lane, result)


async def _note_rejection(partner: Partner, lane: Lane, result: JsonObject) -> None:
    """The partner set one item aside: both sides' admins see it, the log goes on."""
    row = await FedOut.get_or_none(partner_id=partner.id, lane=lane.number, seq=result.get("seq"))
    await audit.note(
        "out", "activity", partner_id=partner.id, subject=row.activity_id if row else "",
        decision="rejected", reason=str(result.get("reason", "")),
    )  # fmt: skip


async def _rewind(partner: Partner, lane: Lane, said: JsonObject) -> None:
    """The partner holds less than we thought, a restored backup: send again from there."""
    expected = said.get("expected")
    if not isinstance(expected, int) or not 1 <= expected <= lane.head:
        await _said_of_us(partner, "resync")
        raise Failed("the logs differ", settings().federation.retry_longest_seconds)
    if expected - 1 >= lane.acked:
        raise Failed("the partner asks for what it was just sent")
    await Lane.filter(id=lane.id).update(acked=expected - 1)


async def _said_of_us(partner: Partner, word: str) -> None:
    if partner.said_of_us != word:
        await Partner.filter(id=partner.id).update(said_of_us=word)
        await audit.note("out", "answer", partner_id=partner.id, decision=word)


async def _postpone(partner: Partner, lane: Lane, failure: Failed) -> None:
    """Both lanes wait: one try at a time, ever further apart, is all a dead partner gets."""
    wait = failure.wait_seconds or backoff(lane.failures)
    await Lane.filter(partner_id=partner.id, outgoing=True).update(
        failures=lane.failures + 1,
        next_try_at=clock.now() + timedelta(seconds=wait),
        last_error=str(failure)[:300],
    )


def backoff(failures: int) -> float:
    """2 s, doubled each time to 15 minutes, a quarter more or less."""
    chosen = settings().federation
    wait = min(chosen.retry_first_seconds * 2 ** min(failures, 20), chosen.retry_longest_seconds)
    return float(wait * random.uniform(0.75, 1.25))  # noqa: S311 - jitter, not a secret


def _read(answer: Answer) -> JsonObject:
    try:
        return jsonsafe.parse(answer.body)
    except jsonsafe.Malformed as error:
        raise Failed(f"an answer that is not JSON: {error}") from None


def _retry_after(answer: Answer) -> float | None:
    text = answer.headers.get("retry-after", "")
    return (
        min(float(text), settings().federation.retry_longest_seconds) if text.isdecimal() else None
    )


async def forget_delivered() -> None:
    """Scheduled: drop what was acknowledged long ago."""
    oldest = clock.now() - timedelta(days=settings().federation.keep_sent_days)
    async for lane in Lane.filter(outgoing=True):
        await FedOut.filter(
            partner_id=lane.partner_id, lane=lane.number, seq__lte=lane.acked, created_at__lt=oldest
        ).delete()
