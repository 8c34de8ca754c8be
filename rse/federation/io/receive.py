"""What arrived becomes durable, once, in order, before it is answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Never

from rse.federation.core import authz, jcs, jsonsafe, reading, stream
from rse.federation.core.authz import Decision
from rse.federation.core.jsonsafe import JsonObject, Malformed
from rse.federation.core.vocab import Activity
from rse.federation.events import ActivitiesArrived
from rse.federation.names import on_loopback
from rse.kernel import clock
from rse.kernel.db import transaction

from . import audit
from .facts import Ledger
from .gate import Problem
from .log import locked_lane
from .models import CONTENT, IGNORED, LANES, PENDING, REJECTED, FedIn, Lane, Partner

ACCEPTED, DUPLICATE, REFUSED = "accepted", "duplicate", "rejected"
_STATUS = {"forbidden": 403, "malformed": 400}
_STATES = {"forbidden": REJECTED, "malformed": REJECTED, "duplicate": IGNORED}
PAGE_NODES = 200_000


@dataclass(frozen=True, slots=True)
class Item:
    """One activity as it came: parsed, or the reason why not."""

    document: JsonObject
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


async def one(partner: Partner, body: bytes) -> str:
    """A single activity to the inbox: `accepted` or `duplicate`, else Problem and no trace."""
    try:
        item = read_item(jsonsafe.parse(body))
    except Malformed as error:
        await _refuse(partner, "", Decision("malformed", str(error)))
    if item.activity is None:
        await _refuse(partner, "", Decision("malformed", item.error))
    known = await FedIn.get_or_none(partner_id=partner.id, activity_id=item.name)
    if known is not None:
        if known.digest != item.digest:
            await _refuse(partner, item.name, Decision("malformed", "the id was used before"), 409)
        return DUPLICATE
    decision = await _decide(partner, item)
    if decision.code in _STATUS:
        await _refuse(partner, item.name, decision)
    if decision.code == "duplicate":
        return DUPLICATE
    async with transaction() as change:
        await FedIn.bulk_create([_row(partner, CONTENT, item, None)])
        await Partner.filter(id=partner.id).update(last_in_at=clock.now())
        change.record(ActivitiesArrived(partner.id))
    return ACCEPTED


async def page(partner: Partner, body: bytes) -> Receipt:
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
    digest = stream.digest_of(jcs.canonical(document))
    try:
        activity = reading.parse_activity(document, loopback=on_loopback())
    except Malformed as error:
        return Item(document, digest, None, str(error), seq)
    return Item(document, digest, activity, "", seq)


async def _fit(
    partner: Partner, lane: Lane, read: stream.Page
) -> tuple[Sequence[stream.Entry], stream.Position]:
    at = stream.Position(lane.epoch, lane.acked, lane.head_chain)
    try:
        return stream.continue_from(at, read)
    except stream.Gap as gap:
        raise Problem(409, "items are missing", expected=gap.expected) from None
    except stream.Broken as broken:
        raise Problem(409, f"resync: {broken}", resync=1) from None


async def _keep(partner: Partner, lane: int, items: Sequence[Item]) -> list[JsonObject]:
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


async def _known(partner: Partner, items: Sequence[Item]) -> dict[str, str]:
    names = [item.name for item in items]
    rows = FedIn.filter(partner_id=partner.id, activity_id__in=names)
    return {row.activity_id: row.digest for row in await rows.only("activity_id", "digest")}


async def _decide(partner: Partner, item: Item) -> Decision:
    activities = [item.activity] if item.activity else []
    return _judge(item, await Ledger.about(partner, activities))


def _judge(item: Item, ledger: Ledger) -> Decision:
    if item.activity is None:
        return Decision("malformed", item.error)
    return authz.decide(item.activity, ledger.facts(item.activity))


def _row(partner: Partner, lane: int, item: Item, decision: Decision | None) -> FedIn:
    code = decision.code if decision else "allow"
    return FedIn(
        partner_id=partner.id, lane=lane, seq=item.seq, activity_id=item.name,
        body=jcs.canonical(item.document), digest=item.digest,
        state=_STATES.get(code, PENDING),
        reason=decision.reason[:300] if decision else "",
    )  # fmt: skip


def _result(item: Item, decision: Decision) -> JsonObject:
    if decision.code in _STATUS:
        return {"seq": item.seq, "result": REFUSED, "reason": decision.reason}
    return {"seq": item.seq, "result": DUPLICATE if decision.code == "duplicate" else ACCEPTED}


async def _refuse(partner: Partner, subject: str, decision: Decision, status: int = 0) -> Never:
    await _note(partner, subject, decision)
    raise Problem(status or _STATUS[decision.code], decision.reason)


async def _note(partner: Partner, subject: str, decision: Decision) -> None:
    await audit.note(
        "in", "activity", partner_id=partner.id, subject=subject,
        decision=decision.code, reason=decision.reason,
    )  # fmt: skip
