"""Asks partners for what we missed while we were away: signed reads of their stream."""

import logging

from rse.federation.core.httpsig import Message, Refused, check_body, read
from rse.federation.names import our_origin
from rse.kernel.errors import RseError
from rse.kernel.http import Answer

from . import client, gate, receive
from .gate import PAGE_BYTES, Problem
from .models import LANES, Lane, Partner
from .senders import sender_of
from .share import actor_of

log = logging.getLogger(__name__)

MAX_PAGES = 1000


async def catch_up_all() -> None:
    """Scheduled, and at start: a partner who waits with its next try need not be waited for."""
    for partner in await Partner.filter(state="active").select_related("organisation"):
        try:
            await catch_up(partner)
        except (RseError, Problem, Refused) as error:
            log.info("catching up did not work", extra={"partner": partner.id, "why": str(error)})


async def catch_up(partner: Partner) -> None:
    """Read both lanes to their ends."""
    for lane in LANES:
        for _page in range(MAX_PAGES):
            if not await _next_page(partner, lane):
                break


async def _next_page(partner: Partner, lane: int) -> bool:
    """Take one page; False when there was nothing new."""
    known = await Lane.get_or_none(partner_id=partner.id, number=lane, outgoing=False)
    ack = known.acked if known else 0
    answer = await client.get(f"{partner.stream}?lane={lane}&after={ack}", max_bytes=PAGE_BYTES)
    if answer.status != 200:
        return False
    _check_signed(partner, answer)
    receipt = await receive.page(sender_of(partner), answer.body)
    return receipt.ack > ack


def _check_signed(partner: Partner, answer: Answer) -> None:
    """A pulled page is signed exactly as its push to us would be."""
    signed = Message("POST", f"{our_origin()}/fed/stream", list(answer.headers.items()))
    claim = read(signed)
    if claim.keyid != f"{actor_of(partner)}#root":
        raise Refused("not the partner's key")
    gate.verify(claim, signed, partner.public_key)
    check_body(signed, answer.body)
