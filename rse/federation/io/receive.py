"""What arrived becomes durable, once, in order, before it is answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Never

from tortoise.exceptions import IntegrityError

from rse.federation.core import authz, jcs, jsonsafe, reading, stream
from rse.federation.core.authz import Decision
from rse.federation.core.jsonsafe import JsonObject, Malformed
from rse.federation.core.vocab import Activity
from rse.federation.events import ActivitiesArrived
from rse.federation.names import on_loopback
from rse.kernel import clock, reads
from rse.kernel.db import transaction
from rse.kernel.ids import new_id
from rse.kernel.writes import write

from . import audit
from .facts import Ledger
from .gate import Problem, seen
from .log import locked_lane
from .models import CONTENT, IGNORED, LANES, PENDING, REJECTED, FedIn, Lane, Partner
from .senders import Sender

ACCEPTED, DUPLICATE, REFUSED = "accepted", "duplicate", "rejected"
_STATUS = {"forbidden": 403, "malformed": 400}
_STATES = {"forbidden": REJECTED, "malformed": REJECTED, "duplicate": IGNORED}
PAGE_NODES = 200_000


@dataclass(frozen=True, slots=True)
class Item:
    """One activity as it came: parsed, or the reason why not."""

    body: bytes
    digest: str
    activity: Activity | None
    error: str = ""
    seq: int | None = None

    @property
    def name(self) -> str:
        """The id it is remembered by; what has no readable id gets one that repeats nothing."""
        return self.activity.id if self.activity else f"unreadable:{self.digest}"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a page is answered with."""

    ack: int
    results: list[JsonObject]


async def one(partner: Sender, body: bytes, signature: str) -> str:
    """A single activity to the inbox: `accepted` or `duplicate`, else Problem and no trace.

    `signature` is remembered in the same moment, so that it is worth nothing a second time.
    """
    try:
        item = read_item(jsonsafe.parse(body))
    except Malformed as error:
        await _refuse(partner, "", Decision("malformed", str(error)))
    if item.activity is None:
        await _refuse(partner, "", Decision("malformed", item.error))
    if await _is_known(partner, item):
        return DUPLICATE
    decision = await _decide(partner, item)
    if decision.code in _STATUS:
        await _refuse(partner, item.name, decision)
    if decision.code == "duplicate":
        return DUPLICATE
    try:
        await _keep_one(partner, item, signature)
    except IntegrityError:  # the same activity came by two ways at the same moment
        await _is_known(partner, item)
        return DUPLICATE
    return ACCEPTED


async def _is_known(partner: Sender, item: Item) -> bool:
    """Whether this very activity came before; Problem when its id stood for something else."""
    digest = await reads.row(str, KNOWN, partner.id, item.name)
    if digest not in (None, item.digest):
        await _refuse(partner, item.name, Decision("malformed", "the id was used before"), 409)
    return digest is not None


KNOWN = "SELECT digest FROM fed_in WHERE partner_id = ? AND activity_id = ?"
ARRIVED = """
INSERT INTO fed_in (id, partner_id, lane, activity_id, body, digest, state, reason, tries,
                    received_at, due_at)
VALUES (?, ?, ?, ?, ?, ?, ?, '', 0, ?, ?)
"""
HEARD = "UPDATE fed_partner SET last_in_at = ? WHERE id = ?"


async def _keep_one(partner: Sender, item: Item, signature: str) -> None:
    now = clock.now()
    await write(
        (ARRIVED, (new_id(), partner.id, CONTENT, item.name, item.body, item.digest, PENDING,
                   now, now)),
        seen(signature),
        (HEARD, (now, partner.id)),
        event=ActivitiesArrived(partner.id),
    )  # fmt: skip


async def page(partner: Sender, body: bytes) -> Receipt:
    """A page of the partner's stream; a bad item is set aside and never blocks the rest."""
    try:
        read = stream.read_page(jsonsafe.parse(body, max_nodes=PAGE_NODES))
    except Malformed as error:
        await _refuse(partner, "", Decision("malformed", str(error)))
    if read.lane not in LANES:
        raise Problem(400, "no such lane")
    async with transaction() as change:
        lane = await locked_lane(partner.id, read.lane, outgoing=False)
        entries, position = await _fit(partner, lane, read)
        items = [
            read_item(entry.activity, entry.seq) for entry in entries if entry.activity is not None
        ]
        results = await _keep(partner, read.lane, items)
        await Lane.filter(id=lane.id).update(
            epoch=position.epoch, acked=position.ack, head_chain=position.chain, head=read.head
        )
        await Partner.filter(id=partner.id).update(last_in_at=clock.now())
        if items:
            change.record(ActivitiesArrived(partner.id))
    return Receipt(position.ack, results)


def read_item(document: JsonObject, seq: int | None = None) -> Item:
    """Parse one activity, keeping the reason when it cannot be."""
    body = jcs.canonical(document)
    digest = stream.digest_of(body)
    try:
        activity = reading.parse_activity(document, loopback=on_loopback())
    except Malformed as error:
        return Item(body, digest, None, str(error), seq)
    return Item(body, digest, activity, "", seq)


async def _fit(
    partner: Sender, lane: Lane, read: stream.Page
) -> tuple[Sequence[stream.Entry], stream.Position]:
    at = stream.Position(lane.epoch, lane.acked, lane.head_chain)
    try:
        return stream.continue_from(at, read)
    except stream.Gap as gap:
        raise Problem(409, "items are missing", expected=gap.expected) from None
    except stream.Broken as broken:
        raise Problem(409, f"resync: {broken}", resync=1) from None


async def _keep(partner: Sender, lane: int, items: Sequence[Item]) -> list[JsonObject]:
    known = await _known(partner, items)
    readable = [item.activity for item in items if item.activity]
    ledger = await Ledger.about(partner, readable)
    rows: list[FedIn] = []
    results: list[JsonObject] = []
    for item in items:
        if item.name in known:
            same = known[item.name] == item.digest
            decision = Decision("duplicate" if same else "malformed", "the id was used before")
        else:
            decision = _judge(item, ledger)
            rows.append(_row(partner, lane, item, decision))
        known.setdefault(item.name, item.digest)
        results.append(_result(item, decision))
        if decision.code in _STATUS:
            await _note(partner, item.name, decision)
    if rows:
        await FedIn.bulk_create(rows)
    return results


async def _known(partner: Sender, items: Sequence[Item]) -> dict[str, str]:
    names = [item.name for item in items]
    rows = FedIn.filter(partner_id=partner.id, activity_id__in=names)
    return {row.activity_id: row.digest for row in await rows.only("activity_id", "digest")}


async def _decide(partner: Sender, item: Item) -> Decision:
    activities = [item.activity] if item.activity else []
    return _judge(item, await Ledger.about(partner, activities))


def _judge(item: Item, ledger: Ledger) -> Decision:
    if item.activity is None:
        return Decision("malformed", item.error)
    return authz.decide(item.activity, ledger.facts(item.activity))


def _row(partner: Sender, lane: int, item: Item, decision: Decision | None) -> FedIn:
    code = decision.code if decision else "allow"
    return FedIn(
        partner_id=partner.id, lane=lane, seq=item.seq, activity_id=item.name,
        body=item.body, digest=item.digest,
        state=_STATES.get(code, PENDING),
        reason=decision.reason[:300] if decision else "",
    )  # fmt: skip


def _result(item: Item, decision: Decision) -> JsonObject:
    if decision.code in _STATUS:
        return {"seq": item.seq, "result": REFUSED, "reason": decision.reason}
    return {"seq": item.seq, "result": DUPLICATE if decision.code == "duplicate" else ACCEPTED}


async def _refuse(partner: Sender, subject: str, decision: Decision, status: int = 0) -> Never:
    await _note(partner, subject, decision)
    raise Problem(status or _STATUS[decision.code], decision.reason)


async def _note(partner: Sender, subject: str, decision: Decision) -> None:
    await audit.note(
        "in", "activity", partner_id=partner.id, subject=subject,
        decision=decision.code, reason=decision.reason,
    )  # fmt: skip
